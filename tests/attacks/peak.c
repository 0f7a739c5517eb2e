/* peak.c - runs a command that may only use so much memory, and tells when it has used more */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 *	peak MEBIBYTES COMMAND...
 *
 * Ends with the command's status, or with 125 and a line where it or a process that it has waited
 * for was larger. A limit would end it with an error of its own, and sanitizers cannot bear one.
 */

int main(int argc, char **argv)
{
	struct rusage usage;
	int status = 0;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: peak MEBIBYTES COMMAND...\n");
		return 2;
	}
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		fprintf(stderr, "peak: %s: %s\n", argv[2], strerror(errno));
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || getrusage(RUSAGE_CHILDREN, &usage) < 0)
		return 2;
	if (usage.ru_maxrss >> 10 > strtol(argv[1], NULL, 10)) {
		fprintf(stderr, "peak: %ld MiB\n", usage.ru_maxrss >> 10);
		return 125;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
