/* fuzz.h - what the targets have in common: each is one function, called for every input */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/* libFuzzer's name for it; replay.c calls it as well. Return: 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of an input that is taken apart. */
struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

/* Return: all of the input as a string, in the arena; a NUL in it is its end. */
char *fuzz_text(struct arena *arena, const uint8_t *data, size_t size);

/* Return: the next line of a text, without its end; NULL: there is none. */
char *fuzz_line(char **rest);

/* Return: the next byte of the input; 0 at its end. */
uint8_t fuzz_byte(struct fuzz_input *input);

/* Takes the next piece: two bytes say how long it is, at most the rest. Return: its length. */
size_t fuzz_piece(struct fuzz_input *input, const uint8_t **piece);

/* Ends the program where what always holds does not. */
void fuzz_check(bool holds);

/* A failure has a number of the kernel's and says something. */
void fuzz_check_error(int r, const struct error *err);

/* Ends the program where two texts that have to be the same are not. */
void fuzz_check_same(const struct buf *a, const struct buf *b);
