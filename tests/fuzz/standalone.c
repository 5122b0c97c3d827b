/*
 * standalone: what a fuzz target is linked with where libFuzzer is not: mutates
 * what the target's own mutator begins with, blindly, for so many seconds.
 *
 *	fuzz_schema [-max_total_time=SECONDS] [-artifact_prefix=PATH] [FILE...]
 *
 * Files are run once each, to see a crash again; other options and folders of
 * libFuzzer's are taken and ignored. The input that runs is kept in the file
 * PATH and "last-input" until the program ends well.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, SECONDS = 10, CHANGES = 4 };

int    LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t most);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most,
    unsigned seed);

static uint64_t state = 0x9E3779B97F4A7C15U;

/* xorshift64: the same inputs in each run. */
static uint64_t
draw(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

size_t
LLVMFuzzerMutate(uint8_t *data, size_t n, size_t most)
{
	static const uint8_t likely[] = "0123456789ABCDEFUTXYSRKZ;%=#\x19\0\xFF ";
	uint64_t changes = draw(CHANGES);

	for (uint64_t i = 0; i < changes; i++) {
		size_t at = n == 0 ? 0 : draw(n);

		switch (draw(5)) {
		case 0:
			n = at;
			break;
		case 1:
			if (n < most) {
				memmove(data + at + 1, data + at, n++ - at);
				data[at] = likely[draw(sizeof(likely))];
			}
			break;
		case 2:
			if (n > 0)
				memmove(data + at, data + at + 1, --n - at);
			break;
		case 3:
			if (n > 0)
				data[at] = (uint8_t)draw(256);
			break;
		default:
			if (n > 0)
				data[at] = likely[draw(sizeof(likely))];
		}
	}
	return n;
}

static void
run_file(const char *path)
{
	static uint8_t data[1 << 17];
	struct stat st;
	FILE *f;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || (f = fopen(path, "rb")) == NULL)
		return;
	LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof(data), f));
	fclose(f);
	printf("ran %s\n", path);
}

static void
run_random(int seconds, const char *prefix)
{
	char path[PATH_MAX];
	int fd;
	uint8_t *data = MAP_FAILED;
	time_t end = time(NULL) + seconds;
	uint64_t runs = 0;
	size_t n = 1;

	snprintf(path, sizeof(path), "%slast-input", prefix);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd >= 0 && ftruncate(fd, MOST) == 0)
		data = mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (data == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	for (; time(NULL) < end; runs++) {
		if (draw(64) == 0)
			n = 1 + draw(64);
		n = LLVMFuzzerCustomMutator != NULL ?
		    LLVMFuzzerCustomMutator(data, n, MOST, (unsigned)draw(1U << 31)) :
		    LLVMFuzzerMutate(data, n, MOST);
		LLVMFuzzerTestOneInput(data, n);
	}
	munmap(data, MOST);
	close(fd);
	unlink(path);
	fprintf(stderr, "Done %llu runs in %d second(s)\n", (unsigned long long)runs, seconds);
}

int
main(int argc, char **argv)
{
	static const char option[] = "-artifact_prefix=";
	const char *prefix = "./fuzz-";
	int seconds = SECONDS, files = 0;

	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		struct stat st;

		if (strncmp(argv[i], option, sizeof(option) - 1) == 0)
			prefix = argv[i] + sizeof(option) - 1;
		if (sscanf(argv[i], "-max_total_time=%d", &seconds) == 1 || argv[i][0] == '-')
			continue;
		if (stat(argv[i], &st) == 0 && S_ISREG(st.st_mode)) {
			run_file(argv[i]);
			files++;
		}
	}
	if (files == 0)
		run_random(seconds, prefix);
	return 0;
}
