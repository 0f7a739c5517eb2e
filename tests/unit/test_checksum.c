/* test_checksum.c - SHA-512: known answers, and what is no sum */
#include "bundles/checksum.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "tests/unit/unit.h"

/* FIPS 180-2, appendix C.1, and the empty message */
static const char sum_of_abc[] =
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
static const char sum_of_nothing[] =
	"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
	"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";

static void test_of_fd(void **state)
{
	auto_close int fd = memfd_create("test", MFD_CLOEXEC);
	char sum[CHECKSUM_SIZE];
	struct error err = { 0 };

	(void)state;
	assert_int_equal(checksum_of_fd(fd, sum, &err), 0);
	assert_string_equal(sum, sum_of_nothing);
	assert_int_equal(write(fd, "abc", 3), 3);
	/* The whole file counts, wherever its offset is, and that stays. */
	assert_int_equal(checksum_of_fd(fd, sum, &err), 0);
	assert_string_equal(sum, sum_of_abc);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
	assert_int_equal(checksum_of_fd(-1, sum, &err), -EBADF);
}

static void test_parse(void **state)
{
	char sum[CHECKSUM_SIZE] = "untouched", text[CHECKSUM_SIZE + 1];

	(void)state;
	strcpy(text, sum_of_abc);
	text[0] = 'D';
	assert_int_equal(checksum_parse(text, sum), 0);
	assert_string_equal(sum, sum_of_abc);
	strcpy(sum, "untouched");
	text[0] = 'g';
	assert_int_equal(checksum_parse(text, sum), -EINVAL);
	assert_int_equal(checksum_parse(sum_of_abc + 1, sum), -EINVAL);
	assert_int_equal(checksum_parse("", sum), -EINVAL);
	strcpy(text, sum_of_abc);
	strcat(text, "0");
	assert_int_equal(checksum_parse(text, sum), -EINVAL);
	assert_string_equal(sum, "untouched");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_fd),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
