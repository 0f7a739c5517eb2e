/* library_static.c - the program that is linked statically has another one load the library */
#include "base/library.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/strv.h"

#define DYNAMIC_NAME "gocker-dynamic"
#define MEMORY_PREFIX "/memfd:"

static char **words;
static pid_t process;

/* Where this one is: after the seal of self_exe.h nobody could tell. */
static char program[PATH_MAX + sizeof(DYNAMIC_NAME)];

/* The name of a program in memory has that where it was copied from. */
static void find_program(void)
{
	size_t prefix = strlen(MEMORY_PREFIX);

	if (readlink("/proc/self/exe", program, PATH_MAX - 1) < 0)
		return;
	if (!strncmp(program, MEMORY_PREFIX, prefix))
		memmove(program, program + prefix, sizeof(program) - prefix);
}

/* A copy, as who reads the options moves them. */
void library_begin(char *const argv[])
{
	size_t size = (strv_len(argv) + 1) * sizeof(*words);

	words = malloc(size);
	if (!words)
		out_of_memory();
	memcpy(words, argv, size);
	find_program();
	process = getpid();
}

/* Beside this one is where a build has it. Return: -errno; on success it does not return. */
static int execute_beside(void)
{
	char *slash = strrchr(program, '/');

	if (!slash)
		return -ENOENT;
	strcpy(slash + 1, DYNAMIC_NAME);
	execve(program, words, environ);
	return -errno;
}

/* Return: -errno; on success it does not return. */
static int go_on(void)
{
	/* A process that it made itself goes on with something else than the command. */
	if (process != getpid())
		return -ECHILD;
	if (execute_beside() == -ENOENT)
		execve(DYNAMIC_PROGRAM, words, environ);
	return -errno;
}

void library_expect(void)
{
	go_on();
}

void *library_open(const char *name, struct error *err)
{
	char reason[ERROR_NAME_SIZE];
	int r;

	log_debug("%s: going on with the program that is linked dynamically", name);
	r = go_on();
	error_set(err, ELIBACC, "%s: execute \"%s\", which can load it: %s", name, DYNAMIC_PROGRAM,
		  error_name(r, reason));
	return NULL;
}
