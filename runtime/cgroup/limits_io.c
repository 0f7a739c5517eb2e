/* limits_io.c - limits of block devices, which have other files and words in v1 and v2 */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "runtime/cgroup/convert.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/limits.h"

/* Where a weight goes: BFQ's file has the range of v1, io.weight of v2 another one. */
struct weight_file {
	const char *name;
	bool is_converted;
};

enum { WEIGHTS_MAX = 1 << 16 };

/* Which one there is shows when the controller is enabled; writing tells why it cannot be. */
static struct weight_file io_weight_file(const struct limit_row *row,
					 const struct limit_target *target, bool device)
{
	bool is_v2 = target->hierarchy && cgroup_is_v2(target->hierarchy);
	const char *bfq = is_v2 ? "io.bfq.weight" :
			  device ? "blkio.bfq.weight_device" : "blkio.bfq.weight";

	if (is_v2)
		target->hierarchy->driver->enable(target->hierarchy, row->controller, NULL);
	if (limit_has_file(target, bfq))
		return (struct weight_file){ bfq, false };
	if (is_v2)
		return (struct weight_file){ "io.weight", true };
	return (struct weight_file){ device ? "blkio.weight_device" : "blkio.weight", false };
}

static unsigned long long io_weight(struct weight_file file, uint16_t weight)
{
	return file.is_converted ? convert_blkio_weight(weight) : weight;
}

static int io_refuse_leaf_weight(const struct limit_row *row, const uint16_t *leafWeight,
				 struct error *err)
{
	if (!leafWeight || !*leafWeight)
		return 0;
	return error_set(err, EOPNOTSUPP,
			 "/linux/resources/%s: Linux has no leafWeight since 5.0", row->member);
}

/* Writes each device's weight as the file had it. */
static int io_set_again(const struct limit_row *row, const struct limit_target *target,
			const char *file, const char *weights, struct error *err)
{
	int ret = 0;

	while (*weights && ret >= 0) {
		size_t len = strcspn(weights, "\n");
		auto_buf struct buf line = { 0 };

		buf_add(&line, weights, len);
		if (len && strncmp(line.data, "default", strlen("default")) != 0)
			ret = limit_set(row, target, file, line.data, err);
		weights += len + (weights[len] == '\n');
	}
	return ret;
}

/*
 * BFQ takes the weights of all devices away when it is given one for the rest. Written before as
 * well, they are what comes last when all is set back.
 */
static int io_set_weight(const struct limit_row *row, const struct limit_target *target,
			 const char *file, const char *text, struct error *err)
{
	const char *devices = io_weight_file(row, target, true).name;
	auto_buf struct buf weights = { 0 };
	int ret;

	buf_puts(&weights, "");
	if (target->hierarchy)
		file_read_at(target->hierarchy->fd, devices, WEIGHTS_MAX, &weights);
	ret = io_set_again(row, target, devices, weights.data, err);
	if (ret >= 0)
		ret = limit_set(row, target, file, text, err);
	return ret < 0 ? ret : io_set_again(row, target, devices, weights.data, err);
}

int limit_io_weight(const struct limit_row *row, const struct limit_target *target,
		    struct error *err)
{
	const struct spec_block_io *io = target->resources->blockIO;
	auto_buf struct buf text = { 0 };
	struct weight_file file;
	int ret = io ? io_refuse_leaf_weight(row, io->leafWeight, err) : 0;

	if (ret < 0 || !io || !io->weight || !*io->weight)
		return ret;
	file = io_weight_file(row, target, false);
	buf_printf(&text, "%llu", io_weight(file, *io->weight));
	return io_set_weight(row, target, file.name, text.data, err);
}

int limit_io_weight_devices(const struct limit_row *row, const struct limit_target *target,
			    struct error *err)
{
	const struct spec_block_io *io = target->resources->blockIO;
	int ret = 0;

	for (size_t i = 0; io && i < io->weightDevice_len && ret >= 0; i++) {
		const struct spec_weight_device *device = &io->weightDevice[i];
		auto_buf struct buf text = { 0 };
		struct weight_file file;

		ret = io_refuse_leaf_weight(row, device->leafWeight, err);
		if (ret < 0 || !device->weight || !*device->weight)
			continue;
		file = io_weight_file(row, target, true);
		buf_printf(&text, "%lld:%lld %llu", (long long)device->major,
			   (long long)device->minor, io_weight(file, *device->weight));
		ret = limit_set(row, target, file.name, text.data, err);
	}
	return ret;
}

/* One of the four lists: its file in v1, its key in io.max in v2. */
struct throttle {
	const char *file, *key;
	const struct spec_throttle_device *devices;
	size_t len;
};

static int io_throttle(const struct limit_row *row, const struct limit_target *target,
		       const struct throttle *throttle, struct error *err)
{
	bool is_v2 = target->hierarchy && cgroup_is_v2(target->hierarchy);
	int ret = 0;

	for (size_t i = 0; i < throttle->len && ret >= 0; i++) {
		const struct spec_throttle_device *device = &throttle->devices[i];
		auto_buf struct buf text = { 0 };

		buf_printf(&text, "%lld:%lld ", (long long)device->major, (long long)device->minor);
		if (is_v2)
			buf_printf(&text, "%s=", throttle->key);
		/* 0 takes the limit away, in v2 that has a word. */
		if (is_v2 && !device->rate)
			buf_puts(&text, "max");
		else
			buf_printf(&text, "%llu", (unsigned long long)device->rate);
		ret = limit_set(row, target, is_v2 ? "io.max" : throttle->file, text.data, err);
	}
	return ret;
}

int limit_io_throttles(const struct limit_row *row, const struct limit_target *target,
		       struct error *err)
{
	const struct spec_block_io *io = target->resources->blockIO;
	int ret = 0;

	if (!io)
		return 0;

	const struct throttle throttles[] = {
		{ "blkio.throttle.read_bps_device", "rbps", io->throttleReadBpsDevice,
		  io->throttleReadBpsDevice_len },
		{ "blkio.throttle.write_bps_device", "wbps", io->throttleWriteBpsDevice,
		  io->throttleWriteBpsDevice_len },
		{ "blkio.throttle.read_iops_device", "riops", io->throttleReadIOPSDevice,
		  io->throttleReadIOPSDevice_len },
		{ "blkio.throttle.write_iops_device", "wiops", io->throttleWriteIOPSDevice,
		  io->throttleWriteIOPSDevice_len },
	};

	for (size_t i = 0; i < sizeof(throttles) / sizeof(*throttles) && ret >= 0; i++)
		ret = io_throttle(row, target, &throttles[i], err);
	return ret;
}
