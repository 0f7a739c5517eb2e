/* unpack.c - a tar archive as the tree of a rootfs */
#include "bundles/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/sys.h"
#include "bundles/entry.h"
#include "bundles/hint.h"
#include "bundles/interrupt.h"

enum { READ_SIZE = 128 * 1024 };

/* The library's checks come behind ours; no file flags, which could make files unremovable. */
static const int disk_flags = ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_XATTR |
			      ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
			      ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS;

struct unpacking {
	struct archive *in, *out;
	int rootfs_fd;
	const struct rootfs_policy *policy;
	struct error *err;
	uint64_t size, entries;
	size_t devices, privileges, attributes, owners; /* how many were left out */
};

/* Tells that no further entry can be read. */
static int tell_broken(struct unpacking *unpacking)
{
	const char *text = archive_error_string(unpacking->in);

	return error_set(unpacking->err, EINVAL, "%s%s", text ? text : "cannot be read",
			 unpacking->entries ? "" :
					      ": a tar archive is wanted, plain or compressed by "
					      "gzip, bzip2, xz or zstd");
}

/* Tells what the library says of its last failure at the name. */
static int tell(struct unpacking *unpacking, struct archive *archive, const char *name)
{
	int num = archive_errno(archive);
	const char *text = archive_error_string(archive);

	/* EILSEQ is libarchive's "this is no such format", < 0 all that has no errno. */
	if (num <= 0 || num == EILSEQ)
		return error_set(unpacking->err, EINVAL, "unpack \"%.100s\": %s", name,
				 text ? text : "unknown failure");
	return hint_errno(unpacking->err, num, "unpack \"%.100s\": %s", name,
			  text ? text : "failed");
}

static int set_owner(struct unpacking *unpacking, struct archive_entry *entry)
{
	const struct rootfs_policy *policy = unpacking->policy;
	int64_t uid = archive_entry_uid(entry), gid = archive_entry_gid(entry);

	if (!policy->keep_owners && (uid || gid))
		unpacking->owners++;
	if (!policy->id_size)
		return 0;
	if (uid < 0 || uid >= policy->id_size || gid < 0 || gid >= policy->id_size)
		return error_set(unpacking->err, ERANGE,
				 "unpack \"%.100s\": owner %lld:%lld is outside of the %u ids of "
				 "the user namespace: see --userns",
				 archive_entry_pathname(entry), (long long)uid, (long long)gid,
				 policy->id_size);
	archive_entry_set_uid(entry, uid + policy->id_first);
	archive_entry_set_gid(entry, gid + policy->id_first);
	return 0;
}

static void set_mode(struct unpacking *unpacking, struct archive_entry *entry)
{
	mode_t perm = archive_entry_perm(entry);
	bool is_directory = archive_entry_filetype(entry) == AE_IFDIR;

	if (!unpacking->policy->keep_privileges && !is_directory && perm & 06000) {
		perm &= 01777;
		unpacking->privileges++;
	}
	/* Without root, a directory of mode 0 could be neither filled nor removed. */
	if (!unpacking->policy->keep_owners && is_directory)
		perm |= 0700;
	archive_entry_set_perm(entry, perm);
}

/*
 * Keeps "user." and, where privileges are kept, file capabilities. Those say "root of the initial
 * user namespace" and so mean more than the archive may say when the owners are shifted,
 * user_namespaces(7). The others (trusted., security.) speak to the kernel of the host.
 */
static void filter_attributes(struct unpacking *unpacking, struct archive_entry *entry)
{
	bool keep_capability = unpacking->policy->keep_privileges &&
			       unpacking->policy->keep_capabilities;
	/* The list cannot lose single ones: what stays is put together again. */
	struct archive_entry *copy = archive_entry_clone(entry);
	const char *name;
	const void *value;
	size_t size;

	if (!copy)
		out_of_memory();
	archive_entry_xattr_clear(entry);
	archive_entry_xattr_reset(copy);
	while (archive_entry_xattr_next(copy, &name, &value, &size) == ARCHIVE_OK) {
		bool is_capability = !strcmp(name, "security.capability");

		if (!strncmp(name, "user.", 5) || (is_capability && keep_capability))
			archive_entry_xattr_add_entry(entry, name, value, size);
		else if (is_capability)
			unpacking->privileges++;
	}
	archive_entry_free(copy);
}

static int count(struct unpacking *unpacking, struct archive_entry *entry, const char *name)
{
	int64_t size = archive_entry_size(entry);
	uint64_t max = unpacking->policy->max_size;

	if (size < 0 || (uint64_t)size > max - unpacking->size)
		return error_set(unpacking->err, EFBIG,
				 "unpack \"%.100s\": more than %llu bytes in all: see --max-size",
				 name, (unsigned long long)max);
	unpacking->size += (uint64_t)size;
	return 0;
}

static int copy_data(struct unpacking *unpacking, const char *name)
{
	const void *block;
	size_t len;
	int64_t offset;

	for (;;) {
		int r = archive_read_data_block(unpacking->in, &block, &len, &offset);

		if (r == ARCHIVE_EOF)
			return 0;
		if (r < ARCHIVE_WARN)
			return tell(unpacking, unpacking->in, name);
		if (interrupt_check(unpacking->err) < 0)
			return -EINTR;
		if (archive_write_data_block(unpacking->out, block, len, offset) < ARCHIVE_OK)
			return tell(unpacking, unpacking->out, name);
	}
}

/* A file system without extended attributes is no reason to fail. */
static int judge(struct unpacking *unpacking, int result, const char *name)
{
	if (result >= ARCHIVE_OK)
		return 0;
	if (result == ARCHIVE_WARN && archive_errno(unpacking->out) == EOPNOTSUPP) {
		unpacking->attributes++;
		return 0;
	}
	return tell(unpacking, unpacking->out, name);
}

static int write_entry(struct unpacking *unpacking, struct archive_entry *entry, const char *name)
{
	int r = judge(unpacking, archive_write_header(unpacking->out, entry), name);

	if (r == 0 && archive_entry_size(entry) > 0)
		r = copy_data(unpacking, name);
	return r < 0 ? r : judge(unpacking, archive_write_finish_entry(unpacking->out), name);
}

/* The other name of a hard link: it must lead to a file of the rootfs, as the name itself. */
static int check_link(struct unpacking *unpacking, struct archive_entry *entry)
{
	char target[ENTRY_NAME_SIZE];
	int r = entry_clean_name("hard link to", archive_entry_hardlink(entry), target,
				 unpacking->err);

	if (r == 0)
		r = entry_make_parents(unpacking->rootfs_fd, target, unpacking->policy,
				       unpacking->err);
	if (r < 0)
		return r;
	archive_entry_set_hardlink(entry, target);
	/* Some writers repeat the data, which would be written through the link. */
	archive_entry_set_size(entry, 0);
	return 0;
}

static int check_names(struct unpacking *unpacking, struct archive_entry *entry,
		       char name[ENTRY_NAME_SIZE])
{
	const char *raw = archive_entry_pathname(entry);
	int r;

	if (!raw)
		return error_set(unpacking->err, EINVAL,
				 "entry %llu has a name that cannot be read",
				 (unsigned long long)unpacking->entries);
	r = entry_clean_name("name", raw, name, unpacking->err);
	if (r < 0)
		return r;
	if (!strcmp(name, ".") && archive_entry_filetype(entry) != AE_IFDIR)
		return error_set(unpacking->err, EINVAL,
				 "name \"%.100s\" is the root, but no directory",
				 raw);
	archive_entry_set_pathname(entry, name);
	r = entry_make_parents(unpacking->rootfs_fd, name, unpacking->policy, unpacking->err);
	if (r < 0)
		return error_context(unpacking->err, "unpack \"%.100s\"", name);
	if (!archive_entry_hardlink(entry))
		return 0;
	r = check_link(unpacking, entry);
	return r < 0 ? error_context(unpacking->err, "unpack \"%.100s\"", name) : 0;
}

static int unpack_entry(struct unpacking *unpacking, struct archive_entry *entry)
{
	char name[ENTRY_NAME_SIZE];
	mode_t type = archive_entry_filetype(entry);
	int r;

	if (++unpacking->entries > UNPACK_ENTRIES_MAX)
		return error_set(unpacking->err, EFBIG, "more than %d entries", UNPACK_ENTRIES_MAX);
	r = check_names(unpacking, entry, name);
	if (r < 0)
		return r;
	/* The runtime makes the devices that it allows; on the host these would be open doors. */
	if (type == AE_IFCHR || type == AE_IFBLK || type == AE_IFSOCK) {
		unpacking->devices++;
		return 0;
	}
	r = count(unpacking, entry, name);
	if (r == 0)
		r = set_owner(unpacking, entry);
	if (r < 0)
		return r;
	set_mode(unpacking, entry);
	filter_attributes(unpacking, entry);
	return write_entry(unpacking, entry, name);
}

static int unpack_entries(struct unpacking *unpacking)
{
	for (;;) {
		struct archive_entry *entry;
		int r = archive_read_next_header(unpacking->in, &entry);

		if (r == ARCHIVE_EOF && !unpacking->entries)
			return error_set(unpacking->err, EINVAL, "holds nothing");
		if (r == ARCHIVE_EOF)
			return judge(unpacking, archive_write_close(unpacking->out), ".");
		/* ARCHIVE_RETRY is a damaged header, behind which the library would look on. */
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return tell_broken(unpacking);
		if (interrupt_check(unpacking->err) < 0)
			return -EINTR;
		r = unpack_entry(unpacking, entry);
		if (r < 0)
			return r;
	}
}

/* Only what the library does itself: for some other compressions it would start programs. */
static int open_archives(struct unpacking *unpacking, int fd)
{
	struct archive *in = unpacking->in, *out = unpacking->out;

	if (archive_read_support_filter_gzip(in) < ARCHIVE_OK ||
	    archive_read_support_filter_bzip2(in) < ARCHIVE_OK ||
	    archive_read_support_filter_xz(in) < ARCHIVE_OK ||
	    archive_read_support_filter_zstd(in) < ARCHIVE_OK ||
	    archive_read_support_format_tar(in) < ARCHIVE_OK ||
	    archive_read_open_fd(in, fd, READ_SIZE) < ARCHIVE_OK)
		return tell_broken(unpacking);
	if (archive_write_disk_set_options(out, disk_flags | (unpacking->policy->keep_owners ?
								      ARCHIVE_EXTRACT_OWNER :
								      0)) < ARCHIVE_OK)
		return tell(unpacking, out, ".");
	return 0;
}

static void tell_what_is_missing(const struct unpacking *unpacking)
{
	if (unpacking->devices)
		log_warning("%zu device nodes or sockets of the archive were left out: the runtime "
			    "makes devices",
			    unpacking->devices);
	if (unpacking->owners)
		log_warning("all files are yours, though the archive has other owners for %zu of "
			    "them: %s",
			    unpacking->owners, unpacking->policy->owners_lost);
	if (unpacking->privileges)
		log_warning("set-user-ID bits or capabilities of %zu files were left out: other "
			    "users of this machine could use them; see PRIVILEGES in "
			    "gocker-bundle(8)",
			    unpacking->privileges);
	if (unpacking->attributes)
		log_warning("extended attributes of %zu files were left out: the file system has "
			    "none",
			    unpacking->attributes);
}

static int unpack_here(struct unpacking *unpacking, int fd)
{
	int r;

	unpacking->in = archive_read_new();
	unpacking->out = archive_write_disk_new();
	if (!unpacking->in || !unpacking->out)
		out_of_memory();
	r = open_archives(unpacking, fd);
	if (r == 0)
		r = unpack_entries(unpacking);
	archive_read_free(unpacking->in);
	archive_write_free(unpacking->out);
	return r;
}

int unpack_archive(int fd, int rootfs_fd, const struct rootfs_policy *policy, struct error *err)
{
	struct unpacking unpacking = { .rootfs_fd = rootfs_fd, .policy = policy, .err = err };
	auto_close int before = sys_open(".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	int r;

	if (before < 0)
		return error_errno(err, before, "open the working directory");
	if (policy->id_size && fchown(rootfs_fd, policy->id_first, policy->id_first) < 0)
		return error_errno(err, errno, "chown the rootfs to %u", policy->id_first);
	/* The library's writer takes paths: relative ones, so that they start at the rootfs. */
	if (fchdir(rootfs_fd) < 0)
		return error_errno(err, errno, "enter the rootfs");
	r = unpack_here(&unpacking, fd);
	if (fchdir(before) < 0 && r == 0)
		r = error_errno(err, errno, "go back to the working directory");
	if (r == 0)
		tell_what_is_missing(&unpacking);
	return r;
}
