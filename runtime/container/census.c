/* census.c - the states of many containers */
#include "runtime/container/census.h"

#include <string.h>

#include "base/fd.h"
#include "base/parallel.h"
#include "base/proc.h"
#include "runtime/container/container.h"

/*
 * A thread takes as long to start and end as some ten of them take to read; but where the other
 * processor has something else to do, it ends milliseconds later, which only many are worth.
 */
enum { LEAST = 192 };

struct reader {
	struct onlooker onlooker;
	struct arena found, scratch;
};

struct census {
	int store;
	char *const *ids;
	struct spec_state *states;
	struct reader readers[PARALLEL_MAX];
};

/* Others than gocker may have written the state, and left out what need not be there. */
static char *copy_text(const char *text, struct arena *arena)
{
	return arena_strdup(arena, text ? text : "");
}

struct spec_state census_copy(const struct spec_state *state, char *id, struct arena *arena)
{
	struct spec_state copy = {
		.ociVersion = SPEC_VERSION,
		.id = id,
		.pid = state->pid,
		.status = state->status,
		.bundle = copy_text(state->bundle, arena),
		.rootfs = copy_text(state->rootfs, arena),
		.created = copy_text(state->created, arena),
		.annotations_len = state->annotations_len,
		.annotations = arena_array(arena, state->annotations_len,
					   sizeof(*state->annotations)),
	};

	for (size_t i = 0; i < state->annotations_len; i++) {
		copy.annotations[i].key = arena_strdup(arena, state->annotations[i].key);
		copy.annotations[i].value = arena_strdup(arena, state->annotations[i].value);
	}
	return copy;
}

static void read_some(void *context, size_t worker, size_t first, size_t end)
{
	struct census *census = context;
	struct reader *reader = &census->readers[worker];

	for (size_t i = first; i < end; i++) {
		struct spec_state seen;
		bool enough;

		arena_clear(&reader->scratch);
		enough = container_glance(census->store, &reader->onlooker, census->ids[i],
					  &reader->scratch, &seen);
		census->states[i] = enough ? census_copy(&seen, census->ids[i], &reader->found) :
					     (struct spec_state){ 0 };
	}
}

void census_take(int store, char *const *ids, size_t len, struct arena *arena,
		 struct spec_state *states)
{
	auto_close int proc = proc_open();
	struct census census = { .store = store, .ids = ids, .states = states };

	for (size_t i = 0; i < PARALLEL_MAX; i++)
		census.readers[i].onlooker.proc = proc;
	parallel_do(len, LEAST, read_some, &census);
	for (size_t i = 0; i < PARALLEL_MAX; i++) {
		arena_join(arena, &census.readers[i].found);
		arena_free(&census.readers[i].scratch);
	}
}
