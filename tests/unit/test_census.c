/* test_census.c - the states of many containers: those of container_open(), in their order */
#include "runtime/container/census.h"

#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/proc.h"
#include "runtime/container/container.h"
#include "runtime/container/store.h"
#include "tests/unit/unit.h"

/* More than every thread of a machine with two processors wants. */
enum { MANY = 700 };

static int make_store(void **state)
{
	struct error err = { 0 };
	char path[128];
	int store;

	snprintf(path, sizeof(path), "%s/store", (char *)*state);
	store = store_open(path, true, &err);
	assert_true(store >= 0);
	return store;
}

/* What an entry may have that is not as it should be; of ten the others are whole. */
static void spoil(int store, int entry, const char *id, int kind)
{
	switch (kind) {
	case 0:
		assert_int_equal(unlinkat(entry, "state.json", 0), 0);
		break;
	case 1:
		assert_int_equal(file_replace_at(entry, "state.json", "{\"id\": ", 7, 0600), 0);
		break;
	case 2:
		assert_int_equal(fchmod(entry, 0777), 0);
		break;
	case 3:
		assert_int_equal(unlinkat(entry, "state.json", 0), 0);
		assert_int_equal(symlinkat("config.json", entry, "state.json"), 0);
		break;
	case 4: /* deleted since store_list() */
		assert_int_equal(store_remove_entry(store, id, NULL), 0);
		break;
	}
}

/* Those that can be read are of this process, of another one with its pid, of none, or ended. */
static void make_entry(int store, int number, const struct proc_stat *self)
{
	static const int statuses[] = { SPEC_STATUS_CREATED, SPEC_STATUS_RUNNING,
					SPEC_STATUS_STOPPED, SPEC_STATUS_CREATING };
	struct spec_pair annotations[] = { { "org.example.a", "1" }, { "org.example.b", "" } };
	char id[32], bundle[64];
	struct spec_state written = {
		.ociVersion = "1.0.2",
		.id = id,
		.pid = number % 3 ? getpid() : 0,
		.status = statuses[number / 10 % (int)LEN(statuses)],
		.bundle = bundle,
		.created = number % 4 ? "2026-01-01T00:00:00Z" : NULL,
		.annotations = annotations,
		.annotations_len = (size_t)number % 3,
		.owner = "nobody",
		.startTime = self->start_time + (number % 7 == 0),
	};
	struct error err = { 0 };
	int entry;

	snprintf(id, sizeof(id), "c-%d", number);
	snprintf(bundle, sizeof(bundle), "/bundle/%d", number);
	entry = store_make_entry(store, id, &err);
	assert_true(entry >= 0);
	store_unlock_entry(entry);
	assert_int_equal(store_write_state(entry, &written, &err), 0);
	spoil(store, entry, id, number % 10);
	close(entry);
}

static void assert_texts_equal(const char *one, const char *other)
{
	assert_string_equal(one, other ? other : "");
}

static void assert_states_equal(const struct spec_state *one, const struct spec_state *other)
{
	assert_string_equal(one->id, other->id);
	assert_int_equal(one->pid, other->pid);
	assert_int_equal(one->status, other->status);
	assert_string_equal(one->bundle, other->bundle);
	assert_texts_equal(one->rootfs, other->rootfs);
	assert_texts_equal(one->created, other->created);
	assert_int_equal(one->annotations_len, other->annotations_len);
	for (size_t i = 0; i < one->annotations_len; i++) {
		assert_string_equal(one->annotations[i].key, other->annotations[i].key);
		assert_texts_equal(one->annotations[i].value, other->annotations[i].value);
	}
}

/* Return: how many it knows, each of which container_open() knows in the same way. */
static size_t compare_all(int store, char *const *ids, size_t len)
{
	auto_arena struct arena arena = { 0 };
	struct spec_state *states = arena_array(&arena, len, sizeof(*states));
	size_t known = 0;

	memset(states, 0xff, len * sizeof(*states));
	census_take(store, ids, len, &arena, states);
	for (size_t i = 0; i < len; i++) {
		auto_container struct container container = CONTAINER_NONE;
		int r = container_open(store, ids[i], false, &container, NULL);

		assert_int_equal(r == 0, states[i].id != NULL);
		if (r < 0)
			continue;
		assert_ptr_equal(states[i].id, ids[i]);
		assert_states_equal(&states[i], &container.state);
		known++;
	}
	return known;
}

static size_t compare_listed(int store)
{
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };
	size_t len = 0;
	char **ids;

	assert_int_equal(store_list(store, &arena, &ids, &err), 0);
	while (ids[len])
		len++;
	return compare_all(store, ids, len);
}

static void test_many(void **state)
{
	auto_close int store = make_store(state);
	struct proc_stat self;
	int before = count_fds();
	cpu_set_t all, one;

	assert_int_equal(proc_read_stat(getpid(), &self), 0);
	for (int i = 0; i < MANY; i++)
		make_entry(store, i, &self);
	assert_int_equal(compare_listed(store), MANY / 2);
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(compare_listed(store), MANY / 2);
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
	assert_int_equal(count_fds(), before);
}

/* They were there when they were listed, and are not now. */
static void test_gone(void **state)
{
	auto_close int store = make_store(state);
	char names[MANY][32], *ids[MANY];

	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "c-%d", i);
		ids[i] = names[i];
	}
	assert_int_equal(compare_all(store, ids, MANY), 0);
	assert_int_equal(compare_all(store, ids, 0), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	static const struct CMUnitTest tests[] = { TEST(test_many), TEST(test_gone) };

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
