/* checksum.c - SHA-512 of files, and as text */
#include "bundles/checksum.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bundles/interrupt.h"

enum { CHUNK = 128 * 1024 };

int checksum_parse(const char *text, char sum[CHECKSUM_SIZE])
{
	if (strlen(text) != CHECKSUM_SIZE - 1 ||
	    strspn(text, "0123456789abcdefABCDEF") != CHECKSUM_SIZE - 1)
		return -EINVAL;
	for (int i = 0; i < CHECKSUM_SIZE; i++)
		sum[i] = (char)tolower((unsigned char)text[i]);
	return 0;
}

static void free_context(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static int digest_fd(int fd, EVP_MD_CTX *context, struct error *err)
{
	unsigned char chunk[CHUNK];
	off_t offset = 0;

	for (;;) {
		ssize_t got = pread(fd, chunk, sizeof(chunk), offset);

		if (interrupt_check(err) < 0)
			return -EINTR;
		if (got < 0)
			return error_errno(err, errno, "read");
		if (!got)
			return 0;
		if (EVP_DigestUpdate(context, chunk, (size_t)got) != 1)
			return error_set(err, EIO, "compute SHA-512: libcrypto failed");
		offset += got;
	}
}

int checksum_of_fd(int fd, char sum[CHECKSUM_SIZE], struct error *err)
{
	__attribute__((cleanup(free_context))) EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len;
	int r;

	if (!context || EVP_DigestInit_ex(context, EVP_sha512(), NULL) != 1)
		return error_set(err, ENOMEM, "compute SHA-512: libcrypto cannot start");
	r = digest_fd(fd, context, err);
	if (r < 0)
		return r;
	if (EVP_DigestFinal_ex(context, digest, &len) != 1 || 2 * len != CHECKSUM_SIZE - 1)
		return error_set(err, EIO, "compute SHA-512: libcrypto failed");
	for (unsigned int i = 0; i < len; i++)
		sprintf(sum + 2 * i, "%02x", digest[i]);
	return 0;
}
