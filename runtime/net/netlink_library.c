/* netlink_library.c - libmnl, loaded when it is needed */
#include <dlfcn.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>

#include "base/library.h"
#include "base/log.h"
#include "runtime/net/netlink.h"

/*
 * Most commands talk with no network, and to link with libmnl would cost each of them 50
 * microseconds at its start. So these functions have the library's names, for us and for libnftnl
 * (which is linked in), and call the library's.
 */

static void *library;

int netlink_load(struct error *err)
{
	if (!library)
		library = library_open("libmnl.so.0", err);
	if (!library)
		error_context(err, "networks need libmnl");
	return library ? 0 : -ELIBACC;
}

/* The version that configure has asked for has all of them, and so has each later one. */
static void *find(const char *name)
{
	void *function = netlink_load(NULL) == 0 ? dlsym(library, name) : NULL;

	if (!function) {
		log_error("libmnl has no %s", name);
		abort();
	}
	return function;
}

/* Weak: a test may have its own in the place. */
#define FORWARD(result, name, parameters, arguments)                                               \
	__attribute__((weak)) result name parameters                                               \
	{                                                                                          \
		static __typeof__(name) *function;                                                 \
                                                                                                   \
		if (!function)                                                                     \
			function = (__typeof__(function))find(#name);                              \
		return function arguments;                                                         \
	}

FORWARD(struct mnl_socket *, mnl_socket_open2, (int bus, int flags), (bus, flags))
FORWARD(int, mnl_socket_close, (struct mnl_socket * nl), (nl))
FORWARD(int, mnl_socket_get_fd, (const struct mnl_socket *nl), (nl))
FORWARD(ssize_t, mnl_socket_sendto, (const struct mnl_socket *nl, const void *req, size_t siz),
	(nl, req, siz))
FORWARD(ssize_t, mnl_socket_recvfrom, (const struct mnl_socket *nl, void *buf, size_t siz),
	(nl, buf, siz))
FORWARD(int, mnl_socket_setsockopt,
	(const struct mnl_socket *nl, int type, void *buf, socklen_t len), (nl, type, buf, len))

FORWARD(struct nlmsghdr *, mnl_nlmsg_put_header, (void *buf), (buf))
FORWARD(void *, mnl_nlmsg_put_extra_header, (struct nlmsghdr * nlh, size_t size), (nlh, size))
FORWARD(bool, mnl_nlmsg_ok, (const struct nlmsghdr *nlh, int len), (nlh, len))
FORWARD(struct nlmsghdr *, mnl_nlmsg_next, (const struct nlmsghdr *nlh, int *len), (nlh, len))
FORWARD(size_t, mnl_nlmsg_get_payload_len, (const struct nlmsghdr *nlh), (nlh))
FORWARD(void *, mnl_nlmsg_get_payload, (const struct nlmsghdr *nlh), (nlh))
FORWARD(void *, mnl_nlmsg_get_payload_offset, (const struct nlmsghdr *nlh, size_t offset),
	(nlh, offset))
FORWARD(void *, mnl_nlmsg_get_payload_tail, (const struct nlmsghdr *nlh), (nlh))

FORWARD(uint16_t, mnl_attr_get_type, (const struct nlattr *attr), (attr))
FORWARD(uint16_t, mnl_attr_get_payload_len, (const struct nlattr *attr), (attr))
FORWARD(void *, mnl_attr_get_payload, (const struct nlattr *attr), (attr))
FORWARD(uint8_t, mnl_attr_get_u8, (const struct nlattr *attr), (attr))
FORWARD(uint16_t, mnl_attr_get_u16, (const struct nlattr *attr), (attr))
FORWARD(uint32_t, mnl_attr_get_u32, (const struct nlattr *attr), (attr))
FORWARD(uint64_t, mnl_attr_get_u64, (const struct nlattr *attr), (attr))
FORWARD(const char *, mnl_attr_get_str, (const struct nlattr *attr), (attr))

FORWARD(void, mnl_attr_put,
	(struct nlmsghdr * nlh, uint16_t type, size_t len, const void *data),
	(nlh, type, len, data))
FORWARD(void, mnl_attr_put_u8, (struct nlmsghdr * nlh, uint16_t type, uint8_t data),
	(nlh, type, data))
FORWARD(void, mnl_attr_put_u16, (struct nlmsghdr * nlh, uint16_t type, uint16_t data),
	(nlh, type, data))
FORWARD(void, mnl_attr_put_u32, (struct nlmsghdr * nlh, uint16_t type, uint32_t data),
	(nlh, type, data))
FORWARD(void, mnl_attr_put_u64, (struct nlmsghdr * nlh, uint16_t type, uint64_t data),
	(nlh, type, data))
FORWARD(void, mnl_attr_put_str, (struct nlmsghdr * nlh, uint16_t type, const char *data),
	(nlh, type, data))
FORWARD(void, mnl_attr_put_strz, (struct nlmsghdr * nlh, uint16_t type, const char *data),
	(nlh, type, data))
FORWARD(bool, mnl_attr_put_check,
	(struct nlmsghdr * nlh, size_t buflen, uint16_t type, size_t len, const void *data),
	(nlh, buflen, type, len, data))
FORWARD(struct nlattr *, mnl_attr_nest_start, (struct nlmsghdr * nlh, uint16_t type),
	(nlh, type))
FORWARD(void, mnl_attr_nest_end, (struct nlmsghdr * nlh, struct nlattr *start), (nlh, start))

FORWARD(int, mnl_attr_type_valid, (const struct nlattr *attr, uint16_t maxtype), (attr, maxtype))
FORWARD(int, mnl_attr_validate, (const struct nlattr *attr, enum mnl_attr_data_type type),
	(attr, type))
FORWARD(bool, mnl_attr_ok, (const struct nlattr *attr, int len), (attr, len))
FORWARD(struct nlattr *, mnl_attr_next, (const struct nlattr *attr), (attr))
FORWARD(int, mnl_attr_parse,
	(const struct nlmsghdr *nlh, unsigned int offset, mnl_attr_cb_t cb, void *data),
	(nlh, offset, cb, data))
FORWARD(int, mnl_attr_parse_nested,
	(const struct nlattr *attr, mnl_attr_cb_t cb, void *data), (attr, cb, data))
FORWARD(int, mnl_cb_run2,
	(const void *buf, size_t numbytes, unsigned int seq, unsigned int portid, mnl_cb_t cb_data,
	 void *data, mnl_cb_t *cb_ctl_array, unsigned int cb_ctl_array_len),
	(buf, numbytes, seq, portid, cb_data, data, cb_ctl_array, cb_ctl_array_len))
