/* steps.c - a sequence of named steps, undone backwards when one fails */
#include "runtime/container/steps.h"

#include "base/log.h"
#include "base/timings.h"

int steps_run(const struct step *steps, size_t len, void *context, struct error *err)
{
	for (size_t i = 0; i < len; i++) {
		int64_t begin;
		int r;

		log_debug("%s", steps[i].name);
		begin = timings_begin();
		r = steps[i].run(context, err);
		timings_end(begin, steps[i].name);
		if (r >= 0)
			continue;
		if (!steps[i].tells_place)
			error_context(err, "%s", steps[i].name);
		while (i-- > 0)
			if (steps[i].undo)
				steps[i].undo(context);
		return r;
	}
	return 0;
}
