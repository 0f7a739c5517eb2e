/* personality.c - which execution domain of Linux the process believes to be in */
#include "runtime/linux/personality.h"

#include <errno.h>
#include <sys/personality.h>

#include "base/log.h"

int personality_set(const struct spec_personality *spec, struct error *err)
{
	if (spec->flags && *spec->flags)
		log_warning("linux.personality.flags are left out, \"%s\": no flag is supported",
			    *spec->flags);
	if (personality((unsigned long)spec->domain) < 0)
		return error_errno(err, errno, "set personality %s",
				   table_name_of(spec_personality_domains, spec->domain));
	return 0;
}
