// SPDX-License-Identifier: Apache-2.0
// Preloaded, this makes a disk that does not answer: while the file $SLOW_DISK_FLAG is there, calls
// that would write to files below $SLOW_DISK, or to the disk, wait.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_slow(int fd) {
  const char *disk = getenv("SLOW_DISK");
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = disk == NULL ? -1 : readlink(link, path, sizeof path - 1);
  return length > 0 && strncmp(path, disk, strlen(disk)) == 0 && path[strlen(disk)] == '/';
}

static void wait_for_disk(int fd) {
  const char *flag = getenv("SLOW_DISK_FLAG");
  while (flag != NULL && access(flag, F_OK) == 0 && is_slow(fd)) {
    usleep(10000);
  }
}

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))

int fsync(int fd) {
  wait_for_disk(fd);
  return NEXT(int (*)(int), "fsync")(fd);
}

int fdatasync(int fd) {
  wait_for_disk(fd);
  return NEXT(int (*)(int), "fdatasync")(fd);
}

int ftruncate64(int fd, off64_t length) {
  wait_for_disk(fd);
  return NEXT(int (*)(int, off64_t), "ftruncate64")(fd, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  wait_for_disk(fd);
  return NEXT(ssize_t (*)(int, const void *, size_t, off64_t), "pwrite64")(fd, bytes, count, offset);
}
