/* timer.c - runs commands in turn, many times, and prints how long each took, and its memory */

/*
 *	timer ROUNDS COMMAND... [-- COMMAND...]...
 *
 * A command is words as execve takes them, found in PATH; several commands joined by the word "+"
 * are one measurement, each a process of its own, one after the other. In every word "%" stands
 * for the number of the round, so that containers have names of their own. Words in front of a
 * command say how it is run:
 *
 *	@			not timed, for what has to be made or cleared away
 *	@descriptors=N		it inherits so many more descriptors, of /dev/null
 *	@mounts=FILE		in that mount namespace, as /proc/PID/ns/mnt
 *
 * What has to be done for that is done before the clock starts.
 *
 * One line per measurement: median, minimum and 90th percentile of the wall time in microseconds,
 * the highest peak of resident memory of its timed processes (and of children they waited for) in
 * KiB, separated by tabs. The first round warms up and is not counted.
 * Exit status 1 when a timed command failed, with its name, since a failure is quick.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Above what the timer itself has and inherits. */
#define DESCRIPTORS_FIRST 64

struct result {
	uint64_t *ns;
	long peak; /* KiB */
};

/* How a command is run, by the words in front of it. */
struct manner {
	bool timed;
	int descriptors;
	const char *mounts; /* or NULL: where the timer is */
};

static void fail(const char *what)
{
	fprintf(stderr, "timer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Return: the word with "%" replaced by the round's number; to be freed. */
static char *word_expand(const char *word, unsigned long round)
{
	const char *percent = strchr(word, '%');
	char *out;
	int rc;

	if (percent)
		rc = asprintf(&out, "%.*s%lu%s", (int)(percent - word), word, round, percent + 1);
	else
		rc = asprintf(&out, "%s", word);
	if (rc < 0)
		exit(1);
	return out;
}

static void namespace_enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNS))
		fail(path);
	close(fd);
}

/* Opens so many; a limit that is too low is raised for the command, too, as it may open more. */
static void descriptors_open(int count, const struct rlimit *usual)
{
	struct rlimit raised = { usual->rlim_max, usual->rlim_max };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (setrlimit(RLIMIT_NOFILE, &raised))
		fail("limit of open files");
	for (int i = 0; i < count; i++)
		if (fcntl(null, F_DUPFD, DESCRIPTORS_FIRST) < 0)
			fail("descriptors");
	close(null);
}

static void descriptors_close(const struct rlimit *usual)
{
	if (close_range(DESCRIPTORS_FIRST, ~0u, 0) || setrlimit(RLIMIT_NOFILE, usual))
		fail("descriptors");
}

/* Runs one process, with /dev/null as input and output. Return: its wall time in nanoseconds. */
static uint64_t process_run(char **args, bool timed, long *peak)
{
	posix_spawn_file_actions_t files;
	struct rusage usage;
	uint64_t start, end;
	int status, rc;
	pid_t pid;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	if (!timed)
		posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	start = now();
	rc = posix_spawnp(&pid, args[0], &files, NULL, args, environ);
	if (rc) {
		errno = rc;
		fail(args[0]);
	}
	while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
		;
	end = now();
	posix_spawn_file_actions_destroy(&files);
	if (timed && (!WIFEXITED(status) || WEXITSTATUS(status))) {
		fprintf(stderr, "timer: \"%s %s\" failed\n", args[0], args[1] ? args[1] : "");
		exit(1);
	}
	if (timed && usage.ru_maxrss > *peak)
		*peak = usage.ru_maxrss;
	return end - start;
}

/* Return: its wall time in nanoseconds; nothing where it is not timed. */
static uint64_t command_run(char **args, const struct manner *manner, long *peak)
{
	int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	struct rlimit usual;
	uint64_t ns;

	if (own < 0 || getrlimit(RLIMIT_NOFILE, &usual))
		fail("own namespace and limit");
	if (manner->mounts)
		namespace_enter(manner->mounts);
	if (manner->descriptors)
		descriptors_open(manner->descriptors, &usual);
	ns = process_run(args, manner->timed, peak);
	if (manner->descriptors)
		descriptors_close(&usual);
	if (manner->mounts && setns(own, CLONE_NEWNS))
		fail("own namespace");
	close(own);
	return manner->timed ? ns : 0;
}

/* Return: how many of the words say how the command after them is run. */
static int manner_read(char **words, int len, struct manner *manner)
{
	int i;

	*manner = (struct manner){ .timed = true };
	for (i = 0; i < len && words[i][0] == '@'; i++) {
		if (!strcmp(words[i], "@")) {
			manner->timed = false;
		} else if (!strncmp(words[i], "@descriptors=", 13)) {
			manner->descriptors = atoi(words[i] + 13);
		} else if (!strncmp(words[i], "@mounts=", 8)) {
			manner->mounts = words[i] + 8;
		} else {
			errno = EINVAL;
			fail(words[i]);
		}
	}
	return i;
}

/* Runs the commands of one measurement. Return: the sum of the timed ones' wall times. */
static uint64_t group_run(char **words, int len, unsigned long round, long *peak)
{
	uint64_t sum = 0;

	for (int i = 0, end; i < len; i = end + 1) {
		struct manner manner;
		int first = i + manner_read(words + i, len - i, &manner);
		char **args;

		for (end = first; end < len && strcmp(words[end], "+") != 0; end++)
			;
		args = calloc((size_t)(end - first) + 1, sizeof(*args));
		if (!args || end == first) {
			fprintf(stderr, "timer: an empty command\n");
			exit(1);
		}
		for (int j = first; j < end; j++)
			args[j - first] = word_expand(words[j], round);
		sum += command_run(args, &manner, peak);
		for (int j = 0; j < end - first; j++)
			free(args[j]);
		free(args);
	}
	return sum;
}

static int compare(const void *left, const void *right)
{
	uint64_t l = *(const uint64_t *)left, r = *(const uint64_t *)right;

	return l < r ? -1 : l > r;
}

static int group_end(char **words, int argc, int first)
{
	while (first < argc && strcmp(words[first], "--") != 0)
		first++;
	return first;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct result *results;

	if (!rounds) {
		fprintf(stderr, "usage: timer ROUNDS COMMAND... [-- COMMAND...]...\n");
		return 1;
	}
	results = calloc((size_t)argc, sizeof(*results));
	if (!results)
		return 1;
	for (unsigned long round = 0; round <= rounds; round++) {
		struct result *result = results;

		for (int first = 2, end; first < argc; first = end + 1, result++) {
			uint64_t ns;

			end = group_end(argv, argc, first);
			ns = group_run(argv + first, end - first, round, &result->peak);
			if (!round)
				result->ns = calloc(rounds, sizeof(*result->ns));
			else if (result->ns)
				result->ns[round - 1] = ns;
		}
	}
	for (struct result *result = results; result->ns; result++) {
		qsort(result->ns, rounds, sizeof(*result->ns), compare);
		printf("%.0f\t%.0f\t%.0f\t%ld\n", (double)result->ns[rounds / 2] / 1000,
		       (double)result->ns[0] / 1000, (double)result->ns[rounds * 9 / 10] / 1000,
		       result->peak);
		free(result->ns);
	}
	free(results);
	return 0;
}
