/* test_names.c - the file of host names, and the resolver's: what stays, what goes */
#include "runtime/net/names.h"

#include <errno.h>

#include "base/buf.h"
#include "runtime/net/resolver.h"
#include "tests/unit/unit.h"

static const char first_lines[] = "127.0.0.1 localhost\n"
				  "::1 localhost ip6-localhost ip6-loopback\n";

static void assert_names(int directory, const char *more)
{
	auto_buf struct buf text = { 0 };

	assert_int_equal(file_read_at(directory, names_file, 4096, &text), 0);
	assert_memory_equal(text.data, first_lines, strlen(first_lines));
	assert_string_equal(text.data + strlen(first_lines), more);
}

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static void test_lines(void **state)
{
	auto_close int directory = scratch_open(state);
	struct ip two = ip_of("10.0.0.2"), twenty = ip_of("10.0.0.20"), six = ip_of("fd00::2");

	assert_int_equal(names_remove(directory, &two, NULL), 0);
	assert_int_equal(names_add(directory, &two, "one web", NULL), 0);
	assert_int_equal(names_add(directory, &twenty, "b", NULL), 0);
	assert_names(directory, "10.0.0.2 one web\n10.0.0.20 b\n");
	/* the others stay where they are */
	assert_int_equal(names_remove(directory, &two, NULL), 0);
	assert_names(directory, "################\n10.0.0.20 b\n");
	/* what is too long goes behind, what is not takes the place */
	assert_int_equal(names_add(directory, &six, "a-long-name", NULL), 0);
	assert_int_equal(names_add(directory, &two, "c", NULL), 0);
	assert_names(directory, "10.0.0.2 c      \n10.0.0.20 b\nfd00::2 a-long-name\n");
	assert_int_equal(names_remove(directory, &six, NULL), 0);
	assert_names(directory, "10.0.0.2 c      \n10.0.0.20 b\n###################\n");
}

static void test_symlink(void **state)
{
	auto_close int directory = scratch_open(state);
	struct ip two = ip_of("10.0.0.2");
	struct error err = { 0 };

	assert_int_equal(symlinkat("target", directory, names_file), 0);
	assert_int_equal(names_add(directory, &two, "one", &err), -ELOOP);
	assert_int_equal(faccessat(directory, "target", F_OK, 0), -1);
}

static void test_resolver(void **state)
{
	static const struct {
		const char *text, *kept;
		size_t servers;
	} files[] = {
		{ "", "", 0 },
		{ "nameserver 192.0.2.1\n", "nameserver 192.0.2.1\n", 1 },
		{ "nameserver\t192.0.2.1 \nnameserver 2001:db8::1", "nameserver 192.0.2.1\n"
								    "nameserver 2001:db8::1\n",
		  2 },
		{ "# nameserver 192.0.2.1\nnameserver 127.0.0.53\nnameserver ::1\n", "", 0 },
		{ "nameserver fe80::1%eth0\nsearch a.example b.example\noptions edns0\n",
		  "search a.example b.example\noptions edns0\n", 0 },
		{ "nameserver x\nnameservers 192.0.2.1\nnameserver\n", "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		auto_buf struct buf out = { 0 };

		assert_int_equal(resolver_filter(files[i].text, &out), files[i].servers);
		assert_string_equal(out.data ? out.data : "", files[i].kept);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_lines),
		TEST(test_symlink),
		cmocka_unit_test(test_resolver),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
