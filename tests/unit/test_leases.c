/* test_leases.c - addresses that containers take from a bridge's network, and give back */
#include "runtime/net/leases.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"

static struct ip_prefix prefix_of(const char *text)
{
	struct ip_prefix prefix;

	assert_int_equal(ip_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static void assert_ip_is(const struct ip *ip, const char *wanted)
{
	char text[IP_TEXT_SIZE];

	assert_string_equal(ip_format(ip, text), wanted);
}

/* A container: its state directory, in the test's. */
static void make_container(int dirfd, const char *id)
{
	assert_true(mkdirat(dirfd, id, 0700) == 0 || errno == EEXIST);
}

static int take(int leases, void **state, const struct ip *ip, const char *id, struct error *err)
{
	const struct lease lease = { .ip = *ip, .root = *state, .id = (char *)id };

	return leases_take(leases, &lease, err);
}

static int give(int leases, void **state, const struct ip *ip, const char *id)
{
	const struct lease lease = { .ip = *ip, .root = *state, .id = (char *)id };

	return leases_give(leases, &lease, NULL);
}

/* Chooses and takes one. */
static struct ip have(int leases, void **state, const char *network, const char *id)
{
	const struct ip_prefix prefix = prefix_of(network);
	struct error err = { 0 };
	struct ip ip;

	if (leases_choose(leases, &prefix, &prefix.ip, &ip, &err) < 0 ||
	    take(leases, state, &ip, id, &err) < 0)
		fail_msg("%s", err.text);
	return ip;
}

/* The test's directory, where containers are; *leases is the one of leases in it. */
static int open_both(void **state, int *leases)
{
	int fd = scratch_open(state);

	assert_int_equal(mkdirat(fd, ".leases", 0700), 0);
	*leases = openat(fd, ".leases", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(*leases >= 0);
	make_container(fd, "a");
	make_container(fd, "b");
	return fd;
}

static int open_leases(void **state)
{
	int leases;

	close(open_both(state, &leases));
	return leases;
}

static void test_one_after_the_other(void **state)
{
	auto_close int leases = open_leases(state);
	auto_arena struct arena arena = { 0 };
	struct lease lease;
	struct ip ip;

	ip = have(leases, state, "10.0.0.1/24", "a");
	assert_ip_is(&ip, "10.0.0.2");
	assert_int_equal(give(leases, state, &ip, "b"), 0);
	assert_int_equal(leases_find(leases, &ip, &arena, &lease, NULL), 0);
	assert_string_equal(lease.id, "a");
	assert_string_equal(lease.root, *state);
	assert_int_equal(give(leases, state, &ip, "a"), 0);
	assert_int_equal(leases_find(leases, &ip, &arena, &lease, NULL), -ENOENT);
	assert_int_equal(give(leases, state, &ip, "a"), 0);
	/* What was given back has to wait until all others had their turn. */
	ip = have(leases, state, "10.0.0.1/24", "a");
	assert_ip_is(&ip, "10.0.0.3");
	ip = have(leases, state, "fd00::1/64", "a");
	assert_ip_is(&ip, "fd00::2");
	ip = have(leases, state, "10.0.0.1/24", "b");
	assert_ip_is(&ip, "10.0.0.4");
}

static void test_taken(void **state)
{
	auto_close int leases = open_leases(state);
	const struct ip ip = ip_of("10.0.0.2"), other = ip_of("10.0.0.3");
	const struct lease foreign = { .ip = ip, .root = "/run/other", .id = "c" };
	struct error err = { 0 };

	assert_int_equal(take(leases, state, &ip, "a", &err), 0);
	assert_int_equal(take(leases, state, &ip, "a", &err), 0);
	assert_int_equal(take(leases, state, &ip, "b", &err), -EADDRINUSE);
	assert_string_equal(err.text, "the address 10.0.0.2 is in use by container \"a\"");
	assert_int_equal(leases_take(leases, &foreign, &err), -EADDRINUSE);
	assert_non_null(strstr(err.text, "is in use by container \"a\" of \"/"));
	assert_int_equal(take(leases, state, &other, "b", &err), 0);
	assert_int_equal(give(leases, state, &ip, "a"), 0);
	assert_int_equal(take(leases, state, &ip, "b", &err), 0);
}

static void test_stale(void **state)
{
	auto_close int leases = -1, fd = open_both(state, &leases);
	auto_arena struct arena arena = { 0 };
	const struct ip asked = ip_of("10.0.0.2");
	struct lease lease, *list;
	struct ip ip = have(leases, state, "10.0.0.1/29", "a");

	assert_ip_is(&ip, "10.0.0.2");
	assert_int_equal(unlinkat(fd, "a", AT_REMOVEDIR), 0);
	assert_int_equal(leases_find(leases, &ip, &arena, &lease, NULL), -ENOENT);
	assert_int_equal(leases_list(leases, &arena, &list, NULL), 0);
	/* .3 to .6 come first, then what is left of a */
	for (int i = 3; i <= 6; i++) {
		ip = have(leases, state, "10.0.0.1/29", "b");
		assert_int_equal(ip.bytes[3], i);
	}
	ip = have(leases, state, "10.0.0.1/29", "b");
	assert_ip_is(&ip, "10.0.0.2");
	assert_int_equal(leases_list(leases, &arena, &list, NULL), 5);
	make_container(fd, "a");
	assert_int_equal(take(leases, state, &asked, "a", NULL), -EADDRINUSE);
	/* one that is asked for */
	assert_int_equal(unlinkat(fd, "b", AT_REMOVEDIR), 0);
	assert_int_equal(take(leases, state, &asked, "a", NULL), 0);
	assert_int_equal(leases_list(leases, &arena, &list, NULL), 1);
	assert_int_equal(leases_prune(leases, NULL), 4);
	assert_int_equal(leases_prune(leases, NULL), 0);
	assert_int_equal(leases_list(leases, &arena, &list, NULL), 1);
	assert_string_equal(list[0].id, "a");
}

static void test_full(void **state)
{
	auto_close int leases = open_leases(state);
	const struct ip_prefix network = prefix_of("10.0.0.1/30");
	const struct ip_prefix two = prefix_of("192.0.2.0/31"), one = prefix_of("192.0.2.9/32");
	const struct ip_prefix lan = prefix_of("192.0.2.8/29");
	const struct ip gateway = ip_of("192.0.2.9");
	struct error err = { 0 };
	struct ip ip = have(leases, state, "10.0.0.1/30", "a");

	assert_ip_is(&ip, "10.0.0.2");
	assert_int_equal(leases_choose(leases, &network, &network.ip, &ip, &err), -ENOSPC);
	assert_string_equal(err.text, "all addresses of the network 10.0.0.0/30 are taken");
	assert_int_equal(give(leases, state, &ip, "a"), 0);
	ip = have(leases, state, "10.0.0.1/30", "b");
	assert_ip_is(&ip, "10.0.0.2");
	assert_int_equal(leases_choose(leases, &two, &two.ip, &ip, &err), 0);
	assert_ip_is(&ip, "192.0.2.1");
	assert_int_equal(leases_choose(leases, &one, &one.ip, &ip, &err), -ENOSPC);
	/* The gateway is another one than the host; the cursor knows of hosts, not of networks. */
	assert_int_equal(leases_choose(leases, &lan, &gateway, &ip, &err), 0);
	assert_ip_is(&ip, "192.0.2.11");
}

/* 250 containers at once. */
static void test_many(void **state)
{
	auto_close int leases = -1, fd = open_both(state, &leases);
	auto_arena struct arena arena = { 0 };
	struct lease *list;
	struct ip ip;
	char id[16];

	for (int i = 0; i < 250; i++) {
		snprintf(id, sizeof(id), "c%d", i);
		make_container(fd, id);
		ip = have(leases, state, "10.0.0.1/24", id);
		assert_int_equal(ip.bytes[3], i + 2);
	}
	assert_int_equal(leases_list(leases, &arena, &list, NULL), 250);
	for (int i = 0; i < 250; i++)
		assert_int_equal(list[i].ip.bytes[3], i + 2);
	/* 252 to 254, then around to the one that is free. */
	ip = ip_of("10.0.0.100");
	assert_int_equal(give(leases, state, &ip, "c98"), 0);
	for (int i = 252; i <= 254; i++)
		assert_int_equal(have(leases, state, "10.0.0.1/24", "a").bytes[3], i);
	ip = have(leases, state, "10.0.0.1/24", "a");
	assert_ip_is(&ip, "10.0.0.100");
}

static void test_other_files(void **state)
{
	auto_close int leases = -1, fd = open_both(state, &leases);
	auto_arena struct arena arena = { 0 };
	struct lease lease, *list;
	struct ip ip;

	assert_int_equal(file_replace_at(leases, "bridge.json", "{}", 2, 0600), 0);
	assert_int_equal(file_replace_at(leases, "next", "twelve", 6, 0600), 0);
	assert_int_equal(file_replace_at(leases, "10.0.0.2", "", 0, 0600), 0);
	assert_int_equal(symlinkat("no-directory", leases, "10.0.0.3"), 0);
	ip = have(leases, state, "10.0.0.1/24", "a");
	assert_ip_is(&ip, "10.0.0.4");
	ip = ip_of("10.0.0.2");
	assert_int_equal(leases_find(leases, &ip, &arena, &lease, NULL), -ENOENT);
	assert_int_equal(leases_list(leases, &arena, &list, NULL), 1);
	assert_int_equal(leases_prune(leases, NULL), 0);
	/* The cursor is no way out. */
	assert_int_equal(unlinkat(leases, "next", 0), 0);
	assert_int_equal(symlinkat("../a/planted", leases, "next"), 0);
	assert_true(leases_choose(leases, &(struct ip_prefix){ ip, 24 }, &ip, &ip, NULL) < 0);
	assert_int_equal(faccessat(fd, "a/planted", F_OK, 0), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_after_the_other, scratch_make,
						scratch_remove),
		cmocka_unit_test_setup_teardown(test_taken, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(test_stale, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(test_full, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(test_many, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(test_other_files, scratch_make, scratch_remove),
	};

	return cmocka_run_group_tests_name("leases", tests, NULL, NULL);
}
