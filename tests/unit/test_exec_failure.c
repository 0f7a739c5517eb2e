/* test_exec_failure.c - what is wrong with a file that cannot be executed */
#include <elf.h>
#include <errno.h>
#include <sys/stat.h>

#include "runtime/linux/exec_failure.h"
#include "tests/unit/unit.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_ORDER ELFDATA2LSB
#else
#define OWN_ORDER ELFDATA2MSB
#endif

/* An ELF program of 64 bit with one program header, which names a loader. */
struct program {
	Elf64_Ehdr head;
	Elf64_Phdr header;
	char loader[64];
};

static const struct program good = {
	.head = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, OWN_ORDER, EV_CURRENT },
		.e_type = ET_DYN,
		.e_machine = EM_AARCH64,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
	},
	.header = {
		.p_type = PT_INTERP,
		.p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
		.p_filesz = 64,
	},
	.loader = "/no/such/loader",
};

static char file_name[256];

static void write_file(void **state, const void *data, size_t len)
{
	auto_close int fd = -1;

	snprintf(file_name, sizeof(file_name), "%s/x", (char *)*state);
	fd = open(file_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	assert_true(fd >= 0);
	assert_int_equal(file_write_fd(fd, data, len), 0);
}

/* wanted: "@" is the quoted file_name; NULL: nothing is to be said. */
static void assert_reason(int num, const char *wanted)
{
	auto_arena struct arena arena = { 0 };
	const char *reason = exec_failure_reason(file_name, num, &arena);
	const char *place;

	if (!wanted) {
		assert_null(reason);
		return;
	}
	assert_non_null(reason);
	place = strchrnul(wanted, '@');
	if (*place)
		wanted = arena_printf(&arena, "%.*s\"%s\"%s", (int)(place - wanted), wanted,
				      file_name, place + 1);
	assert_string_equal(reason, wanted);
}

/* beginning: as above; the name of this machine follows. */
static void assert_reason_begins(int num, const char *beginning)
{
	auto_arena struct arena arena = { 0 };
	const char *reason = exec_failure_reason(file_name, num, &arena);
	const char *wanted = arena_printf(&arena, "\"%s\" %s", file_name, beginning);

	assert_non_null(reason);
	assert_memory_equal(reason, wanted, strlen(wanted));
}

static void scripts(void **state)
{
	static const struct {
		const char *content, *reason;
		int num;
	} rows[] = {
		{ "", "@ is empty", ENOEXEC },
		{ "echo hello\n", "@ has neither a \"#!\" line nor an ELF header", ENOEXEC },
		{ "#", "@ has neither a \"#!\" line nor an ELF header", ENOEXEC },
		{ "#!/bin/sh\n", NULL, ENOENT },
		{ "#!/no/such\n", "the interpreter \"/no/such\" of @ is not there", ENOENT },
		{ "#! \t/no/such -x", "the interpreter \"/no/such\" of @ is not there",
		  ENOENT },
		{ "#!/bin/sh\r\n",
		  "@ has CRLF line ends: \"#!/bin/sh\" is followed by a carriage return",
		  ENOENT },
		{ "#!/no/\033[31m\n", "the interpreter \"/no/?[31m\" of @ is not there",
		  ENOENT },
		{ "#!\n", "@ begins with \"#!\" but names no interpreter", ENOEXEC },
		{ "#!", "@ begins with \"#!\" but names no interpreter", ENOEXEC },
		{ "#!/tmp\n", "the interpreter \"/tmp\" of @ is a directory, not a file",
		  EACCES },
		{ "#!/dev/null\n",
		  "the interpreter \"/dev/null\" of @ is a character device, not a file",
		  EACCES },
		{ "#!/etc/passwd\n",
		  "the interpreter \"/etc/passwd\" of @ has no execute bit: its mode is 0644",
		  EACCES },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		write_file(state, rows[i].content, strlen(rows[i].content));
		assert_reason(rows[i].num, rows[i].reason);
	}
}

static void long_first_line(void **state)
{
	static const char reason[] = "@ has a longer first line than the kernel reads";
	char line[400];

	memset(line, 'x', sizeof(line));
	snprintf(line, sizeof(line), "#!/");
	line[strlen("#!/")] = 'x';
	write_file(state, line, sizeof(line));
	assert_reason(ENOEXEC, reason);
	line[256] = '\n';
	write_file(state, line, sizeof(line));
	assert_reason(ENOEXEC, reason);
	snprintf(line, sizeof(line), "#!/bin/sh ");
	line[strlen("#!/bin/sh ")] = 'x';
	write_file(state, line, sizeof(line));
	assert_reason(ENOEXEC, NULL);
}

static void scripts_in_a_circle(void **state)
{
	char line[300];
	int len = snprintf(line, sizeof(line), "#!%s/x\n", (char *)*state);

	write_file(state, line, (size_t)len);
	assert_reason(ELOOP, NULL);
}

static void elf_programs(void **state)
{
	struct program program = good;

	write_file(state, &program, sizeof(program));
	assert_reason(ENOENT, "the ELF loader \"/no/such/loader\" of @ is not there");
	strcpy(program.loader, "/etc/passwd");
	write_file(state, &program, sizeof(program));
	assert_reason(EACCES, "the ELF loader \"/etc/passwd\" of @ has no execute bit: its "
			      "mode is 0644");
	program = good;
	program.head.e_type = ET_REL;
	write_file(state, &program, sizeof(program));
	assert_reason(EACCES, "@ is an ELF file, but not a program");
	program = good;
	program.header.p_type = PT_LOAD;
	write_file(state, &program, sizeof(program));
	assert_reason(ENOENT, NULL);
}

static void damaged_elf(void **state)
{
	static const char reason[] = "@ is damaged: it is shorter than its ELF header says";
	struct program program = good;

	write_file(state, &program, 20);
	assert_reason(EACCES, reason);
	write_file(state, &program, sizeof(program.head) + 3);
	assert_reason(EACCES, reason);
	write_file(state, &program, sizeof(program) - 1);
	assert_reason(EACCES, reason);
	program.head.e_phoff = UINT64_MAX - 3;
	write_file(state, &program, sizeof(program));
	assert_reason(EACCES, reason);
	program = good;
	program.header.p_offset = UINT64_MAX - 3;
	write_file(state, &program, sizeof(program));
	assert_reason(EACCES, reason);
	program = good;
	program.header.p_filesz = UINT64_MAX;
	write_file(state, &program, sizeof(program));
	assert_reason(EACCES, reason);
}

static void endless_program_headers(void **state)
{
	static struct {
		Elf64_Ehdr head;
		Elf64_Phdr headers[UINT16_MAX];
	} program;

	program.head = good.head;
	program.head.e_phnum = UINT16_MAX;
	program.headers[UINT16_MAX - 1] = good.header;
	write_file(state, &program, sizeof(program));
	assert_reason(ENOENT, NULL);
}

static void other_machines(void **state)
{
	struct program program = good;

	program.head.e_ident[EI_DATA] = OWN_ORDER == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
	program.head.e_machine = (Elf64_Half)(EM_S390 << 8);
	program.head.e_type = ET_DYN << 8;
	write_file(state, &program, sizeof(program));
	assert_reason_begins(ENOEXEC, "is a program for s390x (64 bit), and this machine is ");
	program = good;
	program.head.e_machine = EM_PPC;
	write_file(state, &program, sizeof(program));
	assert_reason_begins(ENOEXEC, "is a program for ppc (64 bit), and this machine is ");
	program.head.e_machine = EM_386;
	program.head.e_ident[EI_CLASS] = ELFCLASS32;
	write_file(state, &program, sizeof(program));
	assert_reason_begins(ENOEXEC, "is a program for i386 (32 bit), and this machine is ");
	program.head.e_machine = 0x7777;
	write_file(state, &program, sizeof(program));
	assert_reason_begins(ENOEXEC, "is a program for another machine (32 bit), and this ");
}

static void no_regular_file(void **state)
{
	snprintf(file_name, sizeof(file_name), "%s/fifo", (char *)*state);
	assert_int_equal(mkfifo(file_name, 0777), 0);
	assert_reason(EACCES, "@ is a fifo, not a file");
	snprintf(file_name, sizeof(file_name), "%s", (char *)*state);
	assert_reason(EACCES, "@ is a directory, not a file");
}

static void of_the_process(void **state)
{
	write_file(state, "#!/bin/sh\n", 10);
	assert_reason(ETXTBSY, "@ is open for writing");
	assert_reason(E2BIG, "the arguments and the environment are larger than the kernel takes");
	assert_reason(EPERM, NULL);
}

/* The errno's own words stand first, behind what names the command. */
static void message(void **state)
{
	struct error err = { 0 };
	char wanted[600];

	write_file(state, "", 0);
	assert_int_equal(exec_failure_explain("x", file_name, ENOEXEC, &err), -ENOEXEC);
	snprintf(wanted, sizeof(wanted), "exec: \"x\": exec format error: \"%s\" is empty",
		 file_name);
	assert_string_equal(err.text, wanted);
	assert_int_equal(err.num, ENOEXEC);
	write_file(state, "#!/bin/sh\n", 10);
	assert_int_equal(exec_failure_explain("x", file_name, -EACCES, &err), -EACCES);
	snprintf(wanted, sizeof(wanted), "exec: \"x\": %s: permission denied", file_name);
	assert_string_equal(err.text, wanted);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(scripts),
		TEST(long_first_line),
		TEST(scripts_in_a_circle),
		TEST(elf_programs),
		TEST(damaged_elf),
		TEST(endless_program_headers),
		TEST(other_machines),
		TEST(no_regular_file),
		TEST(of_the_process),
		TEST(message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
