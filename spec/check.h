/* check.h - rules for single values: the check column of the tables */
#pragma once
#include "base/error.h"

/* Each looks at a string. Return: 0, or -EINVAL with the rule in err. */
int check_version(const void *value, struct error *err);       /* 1.0.2-dev, semver.org */
int check_not_empty(const void *value, struct error *err);
int check_path(const void *value, struct error *err);          /* not empty, below PATH_MAX */
int check_absolute_path(const void *value, struct error *err);
int check_host_name(const void *value, struct error *err);     /* no longer than the kernel takes */
int check_cwd(const void *value, struct error *err);           /* absolute, in runc's words */
int check_line(const void *value, struct error *err);          /* no newline */
int check_number_list(const void *value, struct error *err);   /* "0-3,7": cpus, nodes */
int check_page_size(const void *value, struct error *err);     /* "2MB" */
int check_access(const void *value, struct error *err);        /* of a device: r, w, m */
int check_device_type(const void *value, struct error *err);   /* one character of "cbup" */
int check_environment(const void *value, struct error *err);   /* "NAME=value" */
int check_cgroup_path(const void *value, struct error *err);   /* no "..", below PATH_MAX */
int check_class_of_service(const void *value, struct error *err); /* a directory of resctrl */
int check_memory_bandwidth(const void *value, struct error *err);
int check_interface_name(const void *value, struct error *err);
