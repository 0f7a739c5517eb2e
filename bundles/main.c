/* main.c - the program gocker-bundle: makes what gocker runs */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "bundles/init.h"
#include "bundles/interrupt.h"
#include "bundles/remove.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv, FILE *out, struct error *err);
	const char *help;
} verbs[] = {
	{ "init", init_run, "make a bundle: a rootfs and a config.json that is ready to run" },
	{ "remove", remove_run, "remove what init made, also what belongs to subordinate ids" },
	{ 0 },
};

static int print_help(void)
{
	puts("usage: gocker-bundle VERB [OPTION...] [ARGUMENT...]\n\nverbs:");
	for (const struct verb *verb = verbs; verb->name; verb++)
		printf("  %-10s %s\n", verb->name, verb->help);
	puts("\noptions:\n  --help     write this, or behind a verb, what it takes\n"
	     "  --version  write the version");
	return 0;
}

static int run_verb(int argc, char **argv)
{
	struct error err = { 0 };

	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (strcmp(verb->name, argv[1]) != 0)
			continue;
		if (verb->run(argc - 1, argv + 1, stdout, &err) == 0)
			return 0;
		log_error("%s", err.text);
		interrupt_finish();
		return 1;
	}
	log_error("unknown verb \"%s\": see \"gocker-bundle --help\"", argv[1]);
	return 1;
}

/* What is opened must not become a standard stream that messages are written to. */
static void fill_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const struct log_settings settings = { .program = "gocker-bundle" };
	const char *first = argc > 1 ? argv[1] : "";

	fill_standard_streams();
	/* The names in archives are UTF-8, and libarchive converts to the locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	log_open(&settings, NULL);
	if (!*first) {
		log_error("a verb is needed: see \"gocker-bundle --help\"");
		return 1;
	}
	if (!strcmp(first, "--help") || !strcmp(first, "-h") || !strcmp(first, "help"))
		return print_help();
	if (!strcmp(first, "--version") || !strcmp(first, "-V")) {
		puts("gocker-bundle " PACKAGE_VERSION);
		return 0;
	}
	return run_verb(argc, argv);
}
