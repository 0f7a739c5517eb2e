/* syscall_probe.c - makes one system call inside a container and tells what came of it */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 *	syscall_probe NAME|NUMBER [ARGUMENT...]
 *
 * Prints the result, or the errno as "errno 38", or "trapped" for a SIGSYS that can be caught.
 */

static const struct {
	const char *name;
	long number;
} calls[] = {
	{ "getpriority", SYS_getpriority }, { "getuid", SYS_getuid }, { "umask", SYS_umask },
	{ "sendmsg", SYS_sendmsg }, { "personality", SYS_personality },
};

static long find_call(const char *word)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, word))
			return calls[i].number;
	return strtol(word, NULL, 0);
}

static void tell_trap(int signal)
{
	static const char text[] = "trapped\n";

	(void)signal;
	_exit(write(STDOUT_FILENO, text, sizeof(text) - 1) < 0);
}

int main(int argc, char **argv)
{
	unsigned long args[6] = { 0 };
	long result;

	if (argc < 2)
		return 2;
	signal(SIGSYS, tell_trap);
	for (int i = 2; i < argc && i < 8; i++)
		args[i - 2] = strtoul(argv[i], NULL, 0);
	result = syscall(find_call(argv[1]), args[0], args[1], args[2], args[3], args[4], args[5]);
	if (result == -1)
		printf("errno %d\n", errno);
	else
		printf("%ld\n", result);
	return 0;
}
