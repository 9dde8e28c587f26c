/* A small HTTP server for the tests of perf and heaptrack: one thread, any
   number of connections, every answer "200 {}". For each it makes three
   allocations in functions of its own: one kept for the answer, one freed at
   once, and one of 64 bytes that is never freed. A request for /setup costs as
   much as fifty others, in functions of its own, as setup steps tend to. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OWN __attribute__((noinline))

static volatile unsigned long work;

OWN char *copy_answer(void) {
  static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  char *answer = malloc(sizeof text);
  memcpy(answer, text, sizeof text);
  return answer;
}

OWN void short_lived(void) {
  volatile char *p = malloc(32);
  p[0] = 1;
  free((void *)p);
}

OWN void leak_some(void) {
  volatile char *p = malloc(64);
  p[0] = 1;
}

OWN void burn_cpu(void) {
  for (unsigned long i = 0; i < 20000; i++) work += i * i;
}

OWN void *setup_allocates(void) {
  volatile char *p = malloc(100);
  p[0] = 1;
  return (void *)p;
}

OWN void expensive_setup(void) {
  for (int i = 0; i < 50; i++) {
    free(setup_allocates());
    for (unsigned long k = 0; k < 20000; k++) work += k * k;
  }
}

OWN void answer_request(int fd, const char *request) {
  char *answer = copy_answer();
  if (strstr(request, " /setup")) expensive_setup();
  short_lived();
  leak_some();
  burn_cpu();
  if (write(fd, answer, strlen(answer)) < 0) work++;
  free(answer);
}

int main(int argc, char **argv) {
  static struct pollfd fds[1024];
  int one = 1, n = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argc > 1 ? argv[1] : "0"))};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fds[0].fd = socket(AF_INET, SOCK_STREAM, 0);
  fds[0].events = POLLIN;
  setsockopt(fds[0].fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fds[0].fd, (struct sockaddr *)&a, sizeof a) || listen(fds[0].fd, 512)) return 1;
  for (;;) {
    if (poll(fds, n, -1) < 0) return 1;
    for (int i = n - 1; i > 0; i--) {
      char request[4096];
      if (!fds[i].revents) continue;
      ssize_t got = read(fds[i].fd, request, sizeof request - 1);
      if (got <= 0) {
        close(fds[i].fd);
        fds[i] = fds[--n];
      } else {
        request[got] = 0;
        answer_request(fds[i].fd, request);
      }
    }
    if (fds[0].revents && n < 1024) {
      fds[n].fd = accept(fds[0].fd, NULL, NULL);
      if (fds[n].fd >= 0) fds[n++].events = POLLIN;
    }
  }
}
