/* exe_file.c - runs on from another file, without execve(2) */
#include "runtime/linux/exe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * A process keeps its program's file by a reference of its own and by the mappings of its segments.
 * The kernel replaces the reference where no mapping of the old file is left, so each segment gets
 * the same content from the new one, at the same place. What the process has written to (data, and
 * tables of addresses that the dynamic linker has filled in) moves to memory without a file.
 */

enum { SAME_BYTES = 1024 };

static uintptr_t page_start(uintptr_t address)
{
	return address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

static uintptr_t page_end(uintptr_t address)
{
	return page_start(address + (uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

/* Counted from a place in the program that there is a pointer to. */
static char *pointer_to(const struct dl_phdr_info *program, uintptr_t address)
{
	char *headers = (char *)program->dlpi_phdr;

	return headers + (address - (uintptr_t)headers);
}

/* The pages of a segment that are from the file. */
static void *segment_pages(const struct dl_phdr_info *program, const ElfW(Phdr) *segment,
			   size_t *len)
{
	uintptr_t address = program->dlpi_addr + segment->p_vaddr;

	*len = page_end(address + segment->p_filesz) - page_start(address);
	return pointer_to(program, page_start(address));
}

static int map_from_file(void *pages, size_t len, const ElfW(Phdr) * segment, int fd)
{
	int protection = (segment->p_flags & PF_R ? PROT_READ : 0) |
			 (segment->p_flags & PF_X ? PROT_EXEC : 0);
	off_t offset = (off_t)page_start(segment->p_offset);

	if (mmap(pages, len, protection, MAP_PRIVATE | MAP_FIXED, fd, offset) == MAP_FAILED)
		return -errno;
	return 0;
}

/* memcpy(3) would not do: the address sanitizer has gaps between variables that it must not see. */
__attribute__((no_sanitize_address)) static void copy_pages(void *to, const void *from, size_t len)
{
	volatile uint64_t *target = to;
	const volatile uint64_t *source = from;

	for (size_t i = 0; i < len / sizeof(*target); i++)
		target[i] = source[i];
}

static int move_to_memory(void *pages, size_t len)
{
	void *copy = mmap(NULL, len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	int r = 0;

	if (copy == MAP_FAILED)
		return -errno;
	copy_pages(copy, pages, len);
	if (mremap(copy, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, pages) == MAP_FAILED) {
		r = -errno;
		munmap(copy, len);
	}
	return r;
}

/* What the dynamic linker has made read-only, ld(1) -z relro. */
static int protect_again(const struct dl_phdr_info *program, const ElfW(Phdr) * segment)
{
	uintptr_t address = program->dlpi_addr + segment->p_vaddr;
	uintptr_t start = page_start(address);
	uintptr_t end = page_start(address + segment->p_memsz);

	return mprotect(pointer_to(program, start), end - start, PROT_READ) < 0 ? -errno : 0;
}

static int replace_segment(const struct dl_phdr_info *program, const ElfW(Phdr) * segment, int fd)
{
	size_t len;
	void *pages;

	if (segment->p_type == PT_GNU_RELRO)
		return protect_again(program, segment);
	if (segment->p_type != PT_LOAD)
		return 0;
	pages = segment_pages(program, segment, &len);
	if (segment->p_flags & PF_W)
		return move_to_memory(pages, len);
	return map_from_file(pages, len, segment, fd);
}

/*
 * Under an emulator, as valgrind(1), the process is executed from another file than it believes.
 * The first page has the headers and the note with the build's own id.
 */
static int check_content(const struct dl_phdr_info *program, int fd)
{
	char content[SAME_BYTES];
	const char *mapped = pointer_to(program, page_start((uintptr_t)program->dlpi_phdr));

	if (pread(fd, content, sizeof(content), 0) != sizeof(content))
		return -ENOEXEC;
	return memcmp(content, mapped, sizeof(content)) == 0 ? 0 : -ENOEXEC;
}

/* The program is the first of those that dl_iterate_phdr(3) calls this for. Return: 1: enough. */
static int replace_segments(struct dl_phdr_info *program, size_t size, void *data)
{
	int *fd = data;
	int r = check_content(program, *fd);

	(void)size;
	for (ElfW(Half) i = 0; i < program->dlpi_phnum && r == 0; i++)
		r = replace_segment(program, &program->dlpi_phdr[i], *fd);
	*fd = r;
	return 1;
}

/* Return: what stands behind the last of the texts, which follow each other. */
static uintptr_t texts_end(char *const texts[], uintptr_t start)
{
	uintptr_t end = start;

	for (; *texts; texts++)
		end = (uintptr_t)*texts + strlen(*texts) + 1;
	return end;
}

/* As execve(2) finds them out of the program's headers. */
static int find_segments(struct dl_phdr_info *program, size_t size, void *data)
{
	struct prctl_mm_map *map = data;

	(void)size;
	map->start_code = UINT64_MAX;
	for (ElfW(Half) i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &program->dlpi_phdr[i];
		uint64_t start = program->dlpi_addr + segment->p_vaddr;
		uint64_t end = start + segment->p_filesz;
		bool is_code = segment->p_flags & PF_X;

		if (segment->p_type != PT_LOAD)
			continue;
		if (is_code && start < map->start_code)
			map->start_code = start;
		if (is_code && end > map->end_code)
			map->end_code = end;
		if (start > map->start_data)
			map->start_data = start;
		if (end > map->end_data)
			map->end_data = end;
	}
	return 1;
}

/*
 * All fields of the map are set together, so those that stay are worked out: /proc/self/stat would
 * tell them in ten times that time. The kernel puts the number of arguments below argv. Of a heap
 * that was begun already it takes the end for the beginning, which only brk(2) would notice.
 */
static int set_exe_file(int fd, char *const argv[])
{
	struct prctl_mm_map map = { 0 };
	char *const *env = argv;

	while (*env)
		env++;
	env++;
	dl_iterate_phdr(find_segments, &map);
	map.start_stack = (uintptr_t)(argv - 1);
	map.start_brk = (uintptr_t)sbrk(0);
	map.brk = map.start_brk;
	map.arg_start = (uintptr_t)*argv;
	map.arg_end = texts_end(argv, map.arg_start);
	map.env_start = map.arg_end;
	map.env_end = texts_end(env, map.env_start);
	map.exe_fd = (uint32_t)fd;
	return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) < 0 ? -errno : 0;
}

int exe_file_replace(int fd, char *const argv[])
{
	int r = fd;

	dl_iterate_phdr(replace_segments, &r);
	return r < 0 ? r : set_exe_file(fd, argv);
}
