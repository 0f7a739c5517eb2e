/* systemd_bus.c - talks to systemd over D-Bus, with libsystemd, loaded when it is needed */
#include "runtime/cgroup/systemd_bus.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/library.h"

static const char library[] = "libsystemd.so.0";
static const char service[] = "org.freedesktop.systemd1";
static const char manager_path[] = "/org/freedesktop/systemd1";
static const char unit_prefix[] = "/org/freedesktop/systemd1/unit";
static const char manager_interface[] = "org.freedesktop.systemd1.Manager";

/* What is used of the library: each function's name is that of its member. */
#define FUNCTIONS(row)                                                                             \
	row(sd_bus_new) row(sd_bus_set_address) row(sd_bus_set_bus_client) row(sd_bus_start)       \
	row(sd_bus_is_ready) row(sd_bus_process) row(sd_bus_wait) row(sd_bus_call)                 \
	row(sd_bus_flush_close_unref) row(sd_bus_get_method_call_timeout)                          \
	row(sd_bus_match_signal) row(sd_bus_path_encode) row(sd_bus_get_property_string)           \
	row(sd_bus_message_new_method_call) row(sd_bus_message_append_basic)                       \
	row(sd_bus_message_open_container) row(sd_bus_message_close_container)                     \
	row(sd_bus_message_read) row(sd_bus_message_unref) row(sd_bus_error_free)

#define MEMBER(function) __typeof__(function) *function;
#define NAME(function) #function,

static struct functions {
	FUNCTIONS(MEMBER)
} lib;

static const char *const function_names[] = { FUNCTIONS(NAME) };

struct systemd_bus {
	sd_bus *bus;
	char *address;
	bool is_direct;   /* no bus in between: messages name no sender */
	uint64_t timeout; /* microseconds */
	struct arena arena;
	const char *job, *job_result; /* the one that is awaited, and how it has ended */
};

/* Errors of systemd that mean something to who calls. */
static const struct {
	const char *name;
	int num;
} error_nums[] = {
	{ "org.freedesktop.systemd1.UnitExists", EEXIST },
	{ "org.freedesktop.systemd1.NoSuchUnit", ENOENT },
	{ "org.freedesktop.DBus.Error.NoReply", ETIMEDOUT },
	{ "org.freedesktop.DBus.Error.Timeout", ETIMEDOUT },
};

int systemd_bus_load(struct error *err)
{
	void *symbols[sizeof(function_names) / sizeof(*function_names)];
	void *handle;

	if (lib.sd_bus_new)
		return 0;
	handle = library_open(library, err);
	if (!handle) {
		error_context(err, "systemd cgroups need libsystemd");
		return -ELIBACC;
	}
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		symbols[i] = dlsym(handle, function_names[i]);
		if (!symbols[i])
			return error_set(err, ELIBACC, "systemd cgroups need a newer libsystemd: "
					 "this one has no %s", function_names[i]);
	}
	_Static_assert(sizeof(lib) == sizeof(symbols), "the table has functions only");
	memcpy(&lib, symbols, sizeof(lib));
	return 0;
}

static uint64_t now(void)
{
	return (uint64_t)clock_now() / 1000;
}

/* Adds what a bus address has escaped in values (dbus specification, "Server Addresses"). */
static void add_escaped(struct buf *address, const char *value)
{
	for (; *value; value++) {
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.\\*",
			   *value))
			buf_add(address, value, 1);
		else
			buf_printf(address, "%%%02x", (unsigned char)*value);
	}
}

/*
 * Works off what comes until done() or the time is over. Return: 0; -ETIMEDOUT; -errno of the
 * connection.
 */
static int process_until(struct systemd_bus *bus, bool (*done)(const struct systemd_bus *bus))
{
	uint64_t end = now() + bus->timeout;

	while (!done(bus)) {
		uint64_t time = now();
		int r = time < end ? lib.sd_bus_process(bus->bus, NULL) : -ETIMEDOUT;

		if (r == 0)
			r = lib.sd_bus_wait(bus->bus, end - time);
		if (r < 0 && r != -EINTR)
			return r;
	}
	return 0;
}

static bool is_ready(const struct systemd_bus *bus)
{
	return lib.sd_bus_is_ready(bus->bus) != 0;
}

static int connect_bus(struct systemd_bus *bus)
{
	int r = lib.sd_bus_new(&bus->bus);

	if (r >= 0)
		r = lib.sd_bus_set_address(bus->bus, bus->address);
	if (r >= 0)
		r = lib.sd_bus_set_bus_client(bus->bus, !bus->is_direct);
	if (r >= 0)
		r = lib.sd_bus_start(bus->bus);
	if (r >= 0)
		r = lib.sd_bus_get_method_call_timeout(bus->bus, &bus->timeout);
	/* libsystemd itself would wait longer for a socket that takes us and says nothing. */
	return r < 0 ? r : process_until(bus, is_ready);
}

int systemd_bus_open_address(const char *address, struct systemd_bus **bus, struct error *err)
{
	auto_systemd_bus struct systemd_bus *opened = NULL;
	int r = systemd_bus_load(err);

	if (r < 0)
		return r;
	opened = calloc(1, sizeof(*opened));
	if (!opened)
		out_of_memory();
	opened->address = arena_strdup(&opened->arena, address);
	/* The socket of systemd itself: nobody answers to a "Hello" there. */
	opened->is_direct = strstr(address, "/systemd/private");
	r = connect_bus(opened);
	if (r < 0)
		return error_errno(err, r, "connect to systemd at \"%s\"", address);
	*bus = opened;
	opened = NULL;
	return 0;
}

/* Adds "unix:path=<directory>/<name>" if that is there. Return: whether it is. */
static bool find_socket(const char *directory, const char *name, struct buf *address)
{
	auto_buf struct buf path = { 0 };

	buf_printf(&path, "%s/%s", directory, name);
	if (access(path.data, F_OK))
		return false;
	buf_puts(address, "unix:path=");
	add_escaped(address, path.data);
	return true;
}

/* The bus if there is one, else the socket that systemd has for its own tools. */
static int find_address(bool user, struct buf *address, struct error *err)
{
	const char *given = getenv(user ? "DBUS_SESSION_BUS_ADDRESS" : "DBUS_SYSTEM_BUS_ADDRESS");
	const char *runtime = user ? getenv("XDG_RUNTIME_DIR") : "/run";

	if (given && *given) {
		buf_puts(address, given);
		return 0;
	}
	if (user && (!runtime || !*runtime))
		return error_set(err, ENOENT, "neither DBUS_SESSION_BUS_ADDRESS nor "
				 "XDG_RUNTIME_DIR tells where the systemd of the user is");
	if (find_socket(runtime, user ? "bus" : "dbus/system_bus_socket", address) ||
	    find_socket(runtime, "systemd/private", address))
		return 0;
	return error_set(err, ENOENT, "\"%s\" has no socket of systemd: %s", runtime,
			 user ? "does one run for this user, with a bus (dbus-user-session)?" :
				"was this host booted with it?");
}

int systemd_bus_open(bool user, struct systemd_bus **bus, struct error *err)
{
	auto_buf struct buf address = { 0 };
	int r = find_address(user, &address, err);

	return r < 0 ? r : systemd_bus_open_address(address.data ? address.data : "", bus, err);
}

const char *systemd_bus_address(const struct systemd_bus *bus)
{
	return bus->address;
}

static int append(struct systemd_bus *bus, sd_bus_message *message,
		  const struct systemd_value *value);

static int append_container(struct systemd_bus *bus, sd_bus_message *message,
			    const struct systemd_value *value)
{
	const char *signature = value->signature, *contents = signature + 1;
	char type = *signature;
	int r;

	/* The library wants what is between the brackets, and letters for them. */
	if (type == '(' || type == '{') {
		type = type == '(' ? 'r' : 'e';
		contents = arena_strndup(&bus->arena, contents, strlen(contents) - 1);
	} else if (type == 'v') {
		contents = value->items[0].signature;
	}
	r = lib.sd_bus_message_open_container(message, type, contents);
	for (size_t i = 0; i < value->len && r >= 0; i++)
		r = append(bus, message, &value->items[i]);
	return r < 0 ? r : lib.sd_bus_message_close_container(message);
}

/* Return: >= 0 or -errno of building the message. */
static int append(struct systemd_bus *bus, sd_bus_message *message,
		  const struct systemd_value *value)
{
	union {
		uint64_t number;
		uint32_t word;
		uint16_t half;
		uint8_t byte;
	} cut = { .number = value->number };
	const void *from = &cut;

	switch (*value->signature) {
	case 'y':
		cut.byte = (uint8_t)value->number;
		break;
	case 'n':
	case 'q':
		cut.half = (uint16_t)value->number;
		break;
	case 'b':
	case 'i':
	case 'u':
		cut.word = (uint32_t)value->number;
		break;
	case 'd':
		from = &value->real;
		break;
	case 's':
	case 'o':
	case 'g':
		from = value->text;
		break;
	case 'a':
	case '(':
	case '{':
	case 'v':
		return append_container(bus, message, value);
	default:
		break;
	}
	return lib.sd_bus_message_append_basic(message, *value->signature, from);
}

/* Says how a call has failed, and forgets the library's own error. Return: -errno. */
static int explain(int num, sd_bus_error *error, const char *method, struct error *err)
{
	if (!error->name)
		return error_errno(err, num, "call %s of systemd", method);
	for (size_t i = 0; i < sizeof(error_nums) / sizeof(*error_nums); i++)
		if (!strcmp(error_nums[i].name, error->name))
			num = -error_nums[i].num;
	error_set(err, num, "call %s of systemd: %s: %s", method, error->name,
		  error->message ? error->message : "");
	lib.sd_bus_error_free(error);
	return num;
}

static int make_call(struct systemd_bus *bus, const char *method, const struct systemd_value *args,
		     size_t args_len, sd_bus_message **message)
{
	int r = lib.sd_bus_message_new_method_call(bus->bus, message, service, manager_path,
						   manager_interface, method);

	for (size_t i = 0; i < args_len && r >= 0; i++)
		r = append(bus, *message, &args[i]);
	return r;
}

static int read_reply(sd_bus_message *message, struct arena *arena, char **reply)
{
	const char *text;
	int r = lib.sd_bus_message_read(message, "o", &text);

	if (r >= 0)
		*reply = arena_strdup(arena, text);
	return r;
}

int systemd_bus_call(struct systemd_bus *bus, const char *method, const struct systemd_value *args,
		     size_t args_len, struct arena *arena, char **reply, struct error *err)
{
	sd_bus_message *message = NULL, *answer = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = make_call(bus, method, args, args_len, &message);

	if (r >= 0)
		r = lib.sd_bus_call(bus->bus, message, bus->timeout, &error, &answer);
	if (r >= 0 && reply)
		r = read_reply(answer, arena, reply);
	if (r < 0)
		r = explain(r, &error, method, err);
	lib.sd_bus_message_unref(message);
	lib.sd_bus_message_unref(answer);
	return r < 0 ? r : 0;
}

int systemd_bus_read(struct systemd_bus *bus, const char *unit, const char *interface,
		     const char *property, struct arena *arena, char **value, struct error *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	char *path = NULL, *text = NULL;
	int r = unit ? lib.sd_bus_path_encode(unit_prefix, unit, &path) : 0;

	if (r >= 0)
		r = lib.sd_bus_get_property_string(bus->bus, service, path ? path : manager_path,
						   arena_printf(&bus->arena, "%s.%s", service,
								interface),
						   property, &error, &text);
	if (r >= 0)
		*value = arena_strdup(arena, text);
	else
		r = explain(r, &error, property, err);
	free(path);
	free(text);
	return r < 0 ? r : 0;
}

/* A handler of the library's for the signal JobRemoved. */
static int note_job(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct systemd_bus *bus = data;
	const char *job, *unit, *result;
	uint32_t id;

	(void)error;
	if (bus->job && lib.sd_bus_message_read(message, "uoss", &id, &job, &unit, &result) >= 0 &&
	    !strcmp(job, bus->job))
		bus->job_result = arena_strdup(&bus->arena, result);
	return 0;
}

int systemd_bus_watch_jobs(struct systemd_bus *bus, struct error *err)
{
	int r = lib.sd_bus_match_signal(bus->bus, NULL, bus->is_direct ? NULL : service,
					manager_path, manager_interface, "JobRemoved", note_job,
					bus);

	return r < 0 ? error_errno(err, r, "wait for jobs of systemd") : 0;
}

static bool has_job_ended(const struct systemd_bus *bus)
{
	return bus->job_result;
}

int systemd_bus_await_job(struct systemd_bus *bus, const char *job, struct arena *arena,
			  char **result, struct error *err)
{
	int r;

	/* What has come before is in the library's queue: it is looked at from here on only. */
	bus->job = job;
	bus->job_result = NULL;
	r = process_until(bus, has_job_ended);
	bus->job = NULL;
	if (r < 0)
		return error_errno(err, r, "wait for a job of systemd");
	*result = arena_strdup(arena, bus->job_result);
	return 0;
}

void systemd_bus_close(struct systemd_bus **bus)
{
	if (!*bus)
		return;
	lib.sd_bus_flush_close_unref((*bus)->bus);
	arena_free(&(*bus)->arena);
	free(*bus);
	*bus = NULL;
}
