/* systemd_bus.h - talks to systemd over D-Bus, with libsystemd, loaded when it is needed */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/cgroup/systemd_value.h"

/*
 * libsystemd costs half a millisecond at the start of a program, so gocker is not linked with it:
 * systemd_bus_open loads it. Every call has a limit of time, that of libsystemd: 25 seconds,
 * or what the environment's SYSTEMD_BUS_TIMEOUT says.
 */
struct systemd_bus;

/*
 * Loads libsystemd. A command that will need it asks before it makes anything (library.h).
 * Return: 0 (also where it is loaded); -ELIBACC where it cannot be.
 */
int systemd_bus_load(struct error *err);

/*
 * Connects to the manager of the system, or to that of the user whose process this is, also where
 * it is root in a user namespace only.
 * Return: 0; -ENOENT where the environment does not tell of a user's bus; -ELIBACC where libsystemd
 * cannot be loaded; -ETIMEDOUT; -errno of connect(2).
 */
int systemd_bus_open(bool user, struct systemd_bus **bus, struct error *err);

/* Connects to the address that systemd_bus_address told. Return: as systemd_bus_open. */
int systemd_bus_open_address(const char *address, struct systemd_bus **bus, struct error *err);

/* Return: where it is connected to, "unix:path=/run/dbus/system_bus_socket"; the bus's own. */
const char *systemd_bus_address(const struct systemd_bus *bus);

/*
 * Calls a method of the manager (org.freedesktop.systemd1.Manager). *reply, where it is not NULL,
 * gets the path of an object that the method returns, in the arena.
 * Return: 0; -EEXIST where the unit exists, -ENOENT where it does not, -ETIMEDOUT, or another
 * -errno, always with the error's name and words in err.
 */
int systemd_bus_call(struct systemd_bus *bus, const char *method, const struct systemd_value *args,
		     size_t args_len, struct arena *arena, char **reply, struct error *err);

/*
 * Reads a property of type "s" of the manager (unit NULL), or of a unit's interface, such as
 * "Scope".
 * Return: 0 or -errno, as systemd_bus_call.
 */
int systemd_bus_read(struct systemd_bus *bus, const char *unit, const char *interface,
		     const char *property, struct arena *arena, char **value, struct error *err);

/*
 * From here on systemd_bus_await_job knows the jobs that end: to be called before the method that
 * makes the job, which may have ended before that returns.
 * Return: 0 or -errno.
 */
int systemd_bus_watch_jobs(struct systemd_bus *bus, struct error *err);

/*
 * Waits for the end of a job, by the path that the method has returned. *result gets "done",
 * "failed", "canceled", "timeout", "dependency" or "skipped", in the arena.
 * Return: 0; -ETIMEDOUT; -errno where the connection is lost.
 */
int systemd_bus_await_job(struct systemd_bus *bus, const char *job, struct arena *arena,
			  char **result, struct error *err);

/* *bus is NULL after; it may be before. */
void systemd_bus_close(struct systemd_bus **bus);

#define auto_systemd_bus __attribute__((cleanup(systemd_bus_close)))
