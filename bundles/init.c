/* init.c - the verb "init": makes a bundle */
#include "bundles/init.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/options.h"
#include "base/strv.h"
#include "bundles/config.h"
#include "bundles/interrupt.h"
#include "bundles/owners.h"
#include "bundles/settings.h"
#include "bundles/source.h"
#include "bundles/target.h"

enum { DEFAULT_PIDS = 2048 };

static const struct option_row options[] = {
	OPTION_STRING(request, release, "release", 0, "VERSION",
		      "of Alpine: 3.20 or 3.20.3 (default: the newest stable)"),
	OPTION_STRING(request, arch, "arch", 0, "ARCH", "of Alpine (default: this machine's)"),
	OPTION_STRING(request, mirror, "mirror", 0, "URL",
		      "of Alpine: http, https or file (default: $GOCKER_ALPINE_MIRROR or Alpine's "
		      "own)"),
	OPTION_STRING(request, archive, "rootfs-archive", 0, "FILE",
		      "take the rootfs from this tar archive"),
	OPTION_STRING(request, sha512, "sha512", 0, "SUM", "that the archive must have"),
	OPTION_STRING(request, busybox, "busybox", 0, "FILE", "the static busybox to take"),
	OPTION_STRING(request, max_size, "max-size", 0, "SIZE", "of the rootfs (default: 4G)"),
	OPTION_FLAG(request, force, "force", 'f', "replace the bundle that is there"),
	OPTION_STRINGS(request, env, "env", 'e', "NAME=VALUE", "set a variable (again for more)"),
	OPTION_STRINGS(request, volumes, "volume", 'v', "SRC:DST[:ro]",
		       "bind SRC of the host at DST (again for more)"),
	OPTION_STRING(request, hostname, "hostname", 0, "NAME", "of the container"),
	OPTION_STRING(request, user, "user", 'u', "UID[:GID]",
		      "that runs the command (default: 0:0)"),
	OPTION_STRING(request, cwd, "cwd", 'w', "DIR", "where the command starts (default: /)"),
	OPTION_STRING(request, network, "network", 0, "bridge|none|host",
		      "of the container (default: bridge; without root, host)"),
	OPTION_STRINGS(request, publish, "publish", 'p', "[IP:]HOST:CONTAINER[/PROTO]",
		       "make a port of the host, or a range, lead to one of the container (again "
		       "for more)"),
	OPTION_STRING(request, ip, "ip", 0, "ADDRESS/LENGTH",
		      "of the container, or several with commas; auto and auto6 choose one "
		      "(default: auto)"),
	OPTION_STRING(request, dns, "dns", 0, "ADDRESS",
		      "of a name server, or up to three with commas (default: host, which is the "
		      "host's)"),
	OPTION_STRING(request, memory, "memory", 'm', "SIZE", "limit, such as 512M"),
	OPTION_STRING(request, cpus, "cpus", 0, "NUMBER", "limit, such as 0.5"),
	OPTION_NUMBER(request, pids, "pids", 0, "NUMBER",
		      "limit of processes and threads (default: 2048)"),
	OPTION_STRING(request, userns, "userns", 0, "FIRST:SIZE",
		      "map root and all others to these ids of the host; without root, own: to no "
		      "ids but the caller's"),
	OPTION_FLAG(request, read_only, "read-only", 0,
		    "make the rootfs read-only for the container"),
	OPTION_FLAG(request, tty, "tty", 't', "give the command a terminal"),
	{ 0 },
};

static void print_help(FILE *out)
{
	fputs("usage: gocker-bundle init SOURCE [OPTION...] [DIR] [-- COMMAND [ARGUMENT...]]\n\n"
	      "Makes DIR/rootfs and DIR/config.json, ready for \"gocker create\" (DIR: the "
	      "current\n"
	      "directory). Without COMMAND, the container runs a shell where it has a terminal "
	      "and\n"
	      "waits where it has none.\n\nsources:\n",
	      out);
	for (const struct source *row = sources; row->name; row++)
		fprintf(out, "  %-10s %s\n", row->name, row->help);
	fputs("\noptions:\n", out);
	options_print(options, out);
}

static void free_request(struct request *request)
{
	options_free(options, request);
}

/* The command stands behind the first "--". Return: how many arguments stand before it. */
static int split_command(int argc, char **argv, char ***command)
{
	int len = 1;

	while (len < argc && strcmp(argv[len], "--") != 0)
		len++;
	*command = argv + (len < argc ? len + 1 : argc);
	return len;
}

/* Return: 1 where help was asked for and written, 0, -EINVAL. */
static int read_request(int argc, char **argv, FILE *out, struct request *request,
			struct error *err)
{
	int len = split_command(argc, argv, &request->command);
	bool help = false;
	int first = options_parse(options, request, false, len, argv, &help, err);

	if (first < 0)
		return first;
	if (help) {
		print_help(out);
		return 1;
	}
	if (len - first < 1)
		return error_set(err, EINVAL,
				 "init needs a source, such as alpine or busybox: see "
				 "\"gocker-bundle init --help\"");
	if (len - first > 2)
		return error_set(err, EINVAL,
				 "init: \"%s\" is one argument too many: a command stands behind "
				 "\"--\"",
				 argv[first + 2]);
	request->source = argv[first];
	request->directory = len - first == 2 ? argv[first + 1] : ".";
	return 0;
}

/* All that is known before anything is downloaded or made. */
struct plan {
	const struct source *source;
	struct settings settings;
	struct owners owners; /* of a plain user with ids beside his own; else the size is 0 */
	struct error owners_lost;
	struct rootfs_policy policy;
	struct buf config;
};

/* Whom files may belong to where root does not call: to many, or to the caller alone. */
static void plan_owners(struct arena *arena, struct plan *plan)
{
	if (plan->settings.own_id)
		error_set(&plan->owners_lost, EINVAL, "as --userns own asks for");
	else if (owners_find(arena, &plan->owners, &plan->owners_lost) == 0)
		return;
	plan->policy.keep_owners = false;
	plan->policy.owners_lost = plan->owners_lost.text;
}

static int make_plan(const struct request *request, struct arena *arena, struct plan *plan,
		     struct error *err)
{
	bool rootless = geteuid() != 0;
	struct spec_config config;
	int r = source_choose(request, &plan->source, err);

	if (r == 0)
		r = settings_read(request, arena, &plan->settings, err);
	if (r == 0)
		r = target_check(request->directory, request->force, err);
	if (r < 0)
		return r;
	plan->policy = (struct rootfs_policy){
		.keep_owners = true,
		/* What they give would be of the host's root, not of the container's. */
		.keep_capabilities = !plan->settings.id_size,
		.id_first = plan->settings.id_first,
		.id_size = plan->settings.id_size,
		.max_size = (uint64_t)plan->settings.max_size,
	};
	if (rootless)
		plan_owners(arena, plan);
	if (plan->owners.size)
		plan->policy.id_size = plan->owners.size;
	plan->policy.keep_capabilities &= plan->policy.keep_owners;
	config_make(&plan->settings, request->source, rootless, &plan->owners, arena, &config);
	spec_config_write(&config, &plan->config);
	return 0;
}

static int build(const struct request *request, struct plan *plan, int source_fd, const char *label,
		 struct target *target, struct error *err)
{
	/* With a user namespace, its root is another user of the host and must get through. */
	bool shifted = plan->settings.id_size;
	int r = target_open(request->directory, shifted ? 0711 : 0700, target, err);

	if (r < 0)
		return r;
	plan->policy.keep_privileges = shifted || target_is_private(target);
	r = plan->source->fill(source_fd, target->rootfs_fd, &plan->policy, err);
	if (r < 0)
		return error_context(err, "%s", label);
	r = interrupt_check(err);
	return r < 0 ? r : target_commit(target, &plan->config, request->force, err);
}

static int make_bundle(const struct request *request, struct plan *plan, struct arena *arena,
		       FILE *out, struct error *err)
{
	struct target target = TARGET_NONE;
	struct error close_err = { 0 };
	auto_close int source_fd = -1;
	char *label = NULL;
	int r = plan->source->open(request, arena, &source_fd, &label, err), closed;

	if (r == 0 && plan->owners.size)
		r = owners_enter(&plan->owners, err);
	if (r < 0)
		return r;
	target.path = request->directory;
	r = build(request, plan, source_fd, label, &target, err);
	closed = target_close(&target, r == 0, &close_err);
	if (r == 0 && closed < 0)
		r = error_set(err, closed, "%s", close_err.text);
	if (r == 0)
		fprintf(out, "bundle \"%s\" made from %s\n", request->directory, label);
	return r;
}

int init_run(int argc, char **argv, FILE *out, struct error *err)
{
	__attribute__((cleanup(free_request))) struct request request = { .pids = DEFAULT_PIDS };
	auto_arena struct arena arena = { 0 };
	struct plan plan = { 0 };
	int r = read_request(argc, argv, out, &request, err);

	if (r != 0)
		return r < 0 ? r : 0;
	interrupt_catch();
	/* As errors of write(2), they can be told and cleaned up after. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	/* The files have the modes that the source says. */
	umask(022);
	r = make_plan(&request, &arena, &plan, err);
	if (r == 0)
		r = make_bundle(&request, &plan, &arena, out, err);
	buf_free(&plan.config);
	return r;
}
