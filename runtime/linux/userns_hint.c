/* userns_hint.c - what on a host keeps users from user namespaces, or from using them */
#include "runtime/linux/userns_hint.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/file.h"

enum { VALUE_MAX = 64 };

static const struct setting {
	const char *file;
	char value; /* with which it forbids */
	const char *hint;
} settings[] = {
	{ "/proc/sys/user/max_user_namespaces", '0', "user.max_user_namespaces is 0" },
	/* Debian's. */
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0',
	  "kernel.unprivileged_userns_clone is 0" },
	/* Ubuntu's: they can be made, but without rights, or not at all. */
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
	  "kernel.apparmor_restrict_unprivileged_userns is 1: AppArmor wants a profile for gocker "
	  "that allows \"userns\"" },
};

static bool forbids(const struct setting *setting)
{
	auto_buf struct buf text = { 0 };

	return file_read_at(AT_FDCWD, setting->file, VALUE_MAX, &text) == 0 && text.len == 2 &&
	       text.data[0] == setting->value;
}

const char *userns_hint(void)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (forbids(&settings[i]))
			return settings[i].hint;
	return "are user namespaces allowed? see user.max_user_namespaces and "
	       "kernel.unprivileged_userns_clone in sysctl(8); in a chroot they are not";
}

void userns_hint_powerless(struct error *err)
{
	const struct setting *apparmor = &settings[sizeof(settings) / sizeof(*settings) - 1];
	struct error cause;

	if (!err || !forbids(apparmor))
		return;
	cause = *err;
	error_set(err, cause.num, "%s (%s)", cause.text, apparmor->hint);
}
