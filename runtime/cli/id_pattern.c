/* id_pattern.c - one command for all containers whose ids match a regular expression */
#include "runtime/cli/id_pattern.h"

#include <errno.h>
#include <regex.h>

#include "base/arena.h"
#include "base/log.h"
#include "runtime/container/store.h"

static void free_regex(regex_t *regex)
{
	regfree(regex);
}

static int compile(const char *pattern, regex_t *regex, struct error *err)
{
	char reason[128];
	int r = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);

	if (r == 0)
		return 0;
	regerror(r, regex, reason, sizeof(reason));
	return error_set(err, EINVAL, "\"%s\" is no regular expression: %s", pattern, reason);
}

int id_pattern_apply(int store, const char *pattern,
		     int (*act)(int store, const char *id, const void *data, struct error *err),
		     const void *data, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	__attribute__((cleanup(free_regex))) regex_t regex = { 0 };
	int matched = 0, failed = 0, ret = compile(pattern, &regex, err);
	char **ids = NULL;

	if (ret == 0)
		ret = store_list(store, &arena, &ids, err);
	if (ret < 0 || !ids)
		return ret;
	for (char **id = ids; *id; id++) {
		struct error cause = { 0 };
		int r = regexec(&regex, *id, 0, NULL, 0) ? 1 : act(store, *id, data, &cause);

		matched += r <= 0;
		if (r >= 0)
			continue;
		failed++;
		ret = r;
		log_warning("\"%s\": %s", *id, cause.text);
	}
	return failed ? error_set(err, ret, "failed for %d of %d containers", failed, matched) :
			0;
}
