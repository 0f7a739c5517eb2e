/* top_sample.c - what the containers use, from one reading to the next */
#include "runtime/cli/top_sample.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fd.h"
#include "runtime/cgroup/stats.h"
#include "runtime/container/store.h"
#include "runtime/container/usage.h"

static const uint64_t SECOND = 1000000000;

static void history_clear(struct top_history *history)
{
	*history = (struct top_history){ 0 };
	for (int i = 0; i < TOP_HISTORY_LEN; i++)
		history->values[i] = -1;
}

/* A reading stands for all parts since the one before; of several in a part, their mean does. */
static void history_add(struct top_history *history, uint64_t time, float value)
{
	const uint64_t part = time / (TOP_HISTORY_PART * (SECOND / 1000));
	float *last = &history->values[TOP_HISTORY_LEN - 1];
	uint64_t steps = history->samples ? part - history->part : 1;

	history->part = part;
	if (!steps) {
		*last += (value - *last) / (float)++history->samples;
		return;
	}
	for (uint64_t i = 0; i < steps && i < TOP_HISTORY_LEN; i++) {
		memmove(history->values, history->values + 1,
			(TOP_HISTORY_LEN - 1) * sizeof(*history->values));
		*last = value;
	}
	history->samples = 1;
}

/* Counters that have gone back belong to something that was made anew. Return: per second. */
static double rate(uint64_t now, uint64_t before, uint64_t time)
{
	return now < before || !time ? -1 : (double)(now - before) * (double)SECOND / (double)time;
}

void top_sample_compare(struct top_row *row, const struct top_figures *before)
{
	const struct top_figures *now = &row->now;
	uint64_t time = now->time - before->time;
	double cpu = rate(now->cpu, before->cpu, time);

	row->cpu = cpu < 0 ? cpu : cpu * 100 / (double)SECOND;
	row->read = rate(now->read, before->read, time);
	row->written = rate(now->written, before->written, time);
	row->received = rate(now->received, before->received, time);
	row->sent = rate(now->sent, before->sent, time);
	if (row->cpu >= 0)
		history_add(&row->history, now->time, (float)row->cpu);
}

static uint64_t sum_io(const struct spec_io_stats *io, const char *op)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < io->ioServiceBytesRecursive_len; i++)
		if (io->ioServiceBytesRecursive[i].op &&
		    !strcmp(io->ioServiceBytesRecursive[i].op, op))
			sum += io->ioServiceBytesRecursive[i].value;
	return sum;
}

static void sum_network(const struct spec_stats *stats, struct top_figures *figures)
{
	for (size_t i = 0; i < stats->network_interfaces_len; i++) {
		const struct spec_network_stats *device = &stats->network_interfaces[i];

		/* What goes through loopback stays in the container. */
		if (!strcmp(device->Name, "lo"))
			continue;
		figures->received += device->RxBytes;
		figures->sent += device->TxBytes;
	}
}

/* Pages of files that the kernel would give back first are not counted, as docker does it. */
static uint64_t used_memory(const struct spec_memory_stats *memory)
{
	uint64_t idle = stats_find_raw(memory, "total_inactive_file");

	if (!idle)
		idle = stats_find_raw(memory, "inactive_file");
	return memory->usage.usage > idle ? memory->usage.usage - idle : memory->usage.usage;
}

static void read_figures(const struct container *container, struct top_figures *figures)
{
	auto_arena struct arena arena = { 0 };
	struct spec_stats stats = { 0 };
	const uint64_t time = (uint64_t)clock_now();

	stats_read_cpu(&container->cgroup, &arena, &stats);
	stats_read_memory(&container->cgroup, &arena, &stats);
	stats_read_pids(&container->cgroup, &stats);
	stats_read_io(&container->cgroup, &arena, &stats);
	usage_read_network(container, &arena, &stats);
	*figures = (struct top_figures){
		.time = time,
		.cpu = stats.cpu.usage.total,
		.read = sum_io(&stats.blkio, "Read"),
		.written = sum_io(&stats.blkio, "Write"),
		.memory = used_memory(&stats.memory),
		.memory_limit = stats.memory.usage.limit ? stats.memory.usage.limit : UINT64_MAX,
		.pids = stats.pids.current,
		.pids_limit = stats.pids.limit,
	};
	sum_network(&stats, figures);
}

static struct top_row *find_row(struct top_sample *sample, const char *id)
{
	for (size_t i = 0; i < sample->len; i++)
		if (!strcmp(sample->rows[i].id, id))
			return &sample->rows[i];
	return NULL;
}

static struct top_row *add_row(struct top_sample *sample, const char *id)
{
	struct top_row *row;

	if (sample->len == sample->capacity) {
		sample->capacity = sample->capacity ? 2 * sample->capacity : 16;
		sample->rows = realloc(sample->rows, sample->capacity * sizeof(*sample->rows));
		if (!sample->rows)
			out_of_memory();
	}
	row = &sample->rows[sample->len++];
	*row = (struct top_row){ .id = strdup(id) };
	if (!row->id)
		out_of_memory();
	return row;
}

static void forget_rates(struct top_row *row)
{
	row->cpu = row->read = row->written = row->received = row->sent = -1;
	history_clear(&row->history);
}

static void update_row(struct top_row *row, bool is_new, const struct container *container)
{
	const struct top_figures before = row->now;
	bool is_other = row->start_time != container->state.startTime;

	row->seen = true;
	row->status = (enum spec_status)container->state.status;
	row->start_time = container->state.startTime;
	row->now = (struct top_figures){ .memory_limit = UINT64_MAX };
	if (row->status != SPEC_STATUS_STOPPED)
		read_figures(container, &row->now);
	if (is_new || is_other || row->status == SPEC_STATUS_STOPPED || !before.time)
		forget_rates(row);
	else
		top_sample_compare(row, &before);
}

/* One that cannot be read is left out: it is being made or deleted. */
static void read_one(struct top_sample *sample, int store, const char *id)
{
	auto_container struct container container = CONTAINER_NONE;
	struct top_row *row = find_row(sample, id);
	bool is_new = !row;

	if (container_open(store, id, false, &container, NULL) < 0 ||
	    container.state.status == SPEC_STATUS_CREATING)
		return;
	if (container.state.status == SPEC_STATUS_STOPPED && !sample->all && !*sample->ids)
		return;
	if (container_open_cgroup(&container, NULL) < 0)
		return;
	if (is_new)
		row = add_row(sample, id);
	update_row(row, is_new, &container);
}

static void drop_unseen(struct top_sample *sample)
{
	size_t kept = 0;

	for (size_t i = 0; i < sample->len; i++) {
		if (sample->rows[i].seen)
			sample->rows[kept++] = sample->rows[i];
		else
			free(sample->rows[i].id);
	}
	sample->len = kept;
}

int top_sample_read(struct top_sample *sample, const struct cli_globals *globals,
		    struct error *err)
{
	auto_close int store = cli_open_store(globals, false, err);
	auto_arena struct arena arena = { 0 };
	char *const *ids = sample->ids;
	char **found = NULL;
	int r = 0;

	for (size_t i = 0; i < sample->len; i++)
		sample->rows[i].seen = false;
	/* There is no store until there is a container. */
	if (store < 0 && store != -ENOENT)
		return store;
	if (store >= 0 && !*ids) {
		r = store_list(store, &arena, &found, err);
		ids = found;
	}
	for (; r == 0 && store >= 0 && *ids; ids++)
		read_one(sample, store, *ids);
	drop_unseen(sample);
	return r;
}

void top_sample_close(struct top_sample *sample)
{
	for (size_t i = 0; i < sample->len; i++)
		free(sample->rows[i].id);
	free(sample->rows);
	*sample = (struct top_sample){ 0 };
}
