/* fuzz.c - what the targets have in common */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static void drop(enum log_level level, const char *message, void *data)
{
	(void)level;
	(void)message;
	(void)data;
}

/* A million warnings help nobody. */
__attribute__((constructor)) static void silence(void)
{
	log_set_sink(drop, NULL);
}

char *fuzz_text(struct arena *arena, const uint8_t *data, size_t size)
{
	char *text = arena_alloc(arena, size + 1);

	if (size)
		memcpy(text, data, size);
	return text;
}

char *fuzz_line(char **rest)
{
	return strsep(rest, "\n");
}

uint8_t fuzz_byte(struct fuzz_input *input)
{
	if (!input->size)
		return 0;
	input->size--;
	return *input->data++;
}

size_t fuzz_piece(struct fuzz_input *input, const uint8_t **piece)
{
	size_t len = fuzz_byte(input);

	len |= (size_t)fuzz_byte(input) << 8;
	if (len > input->size)
		len = input->size;
	*piece = input->data;
	input->data += len;
	input->size -= len;
	return len;
}

void fuzz_check(bool holds)
{
	if (!holds)
		abort();
}

void fuzz_check_error(int r, const struct error *err)
{
	fuzz_check(r < 0 && err->num == -r && *err->text);
	fuzz_check(memchr(err->text, 0, sizeof(err->text)));
}

void fuzz_check_same(const struct buf *a, const struct buf *b)
{
	fuzz_check(a->len == b->len && !memcmp(a->data, b->data, a->len));
}
