// A worker without any library: of each tile the means of its channels ("means"), or red minus blue and green minus blue
// of these. It fails as its argument says, with the first batch, or with that of the number behind a colon.
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char line[1 << 20];
static const char *mode = "";
static long faultyBatch = 1;

static void say(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    const ssize_t count = send(3, text, left, MSG_NOSIGNAL);
    if (count <= 0) exit(0);
    text += count;
    left -= (size_t)count;
  }
}

static int is(const char *name) { return strcmp(mode, name) == 0; }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/// Gives a sign of life whenever one is due, for so many seconds or until a message comes.
static void beat(double seconds, int untilMessage) {
  static double last = 0;
  const double end = now() + seconds;
  do {
    if (now() - last > 0.1) {
      say("{\"type\": \"alive\"}\n");
      last = now();
    }
    struct pollfd waited = {3, POLLIN, 0};
    if (poll(untilMessage ? &waited : NULL, untilMessage ? 1 : 0, 10) > 0) return;
  } while (now() < end);
}

static int receive(void) {
  beat(1e9, 1);
  size_t length = 0;
  while (length + 1 < sizeof line) {
    if (recv(3, line + length, 1, 0) <= 0) exit(0);
    if (line[length] == '\n') break;
    length++;
  }
  line[length] = 0;
  return 1;
}

static long number(const char *from, const char *key) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\"%s\":", key);
  const char *place = from ? strstr(from, quoted) : NULL;
  return place ? atol(place + strlen(quoted)) : -1;
}

/// Whether this process is to fail: with "once-" in front of the mode only the first of all does, which leaves a file.
static void once(const char *marker) {
  const int file = open(marker, O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (file < 0) mode = "";
  else close(file);
}

int main(int count, char **arguments) {
  if (count > 1) {
    char *colon = strchr(arguments[1], ':');
    if (colon) {
      *colon = 0;
      faultyBatch = atol(colon + 1);
    }
    mode = arguments[1];
  }
  if (count > 2) once(arguments[2]);
  if (is("exit")) {
    fprintf(stderr, "no such library\n");
    return 7;
  }
  if (is("mute")) raise(SIGSTOP);
  receive();
  if (strstr(line, "\"type\":\"describe\"")) {
    say(is("future") ? "{\"type\": \"description\", \"version\": 2}\n"
                     : "{\"type\": \"description\", \"version\": 1, \"engine\": \"means\", \"engine_version\": \"1.0\", "
                       "\"takes\": [\"onnx\"], \"precisions\": [\"f32\"], \"device\": \"cpu\"}\n");
    receive();
  }
  if (is("fatal")) {
    say("{\"type\": \"fatal\", \"reason\": \"finds no CUDA\", \"remedy\": \"device=cpu\"}\n");
    return 0;
  }
  const char *const memory = strstr(line, "\"memory\":");
  const long bytes = number(memory, "bytes"), batch = number(memory, "batch");
  const long inputOffset = number(memory, "input_offset"), inputStride = number(memory, "input_stride");
  const long outputOffset = number(memory, "output_offset"), outputStride = number(memory, "output_stride");
  const long side = number(strstr(line, "\"tiles\":"), "side");
  int isMeans[8] = {0};
  long outputs = 0;
  for (const char *place = strstr(line, "\"names\":"); place && outputs < 8; place = strstr(place + 1, "\"names\":")) {
    isMeans[outputs++] = strncmp(place, "\"names\":[\"means\"", 16) == 0;
  }
  uint8_t *const base = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, 4, 0);
  if (base == MAP_FAILED || memcmp(base, "tessera", 8) != 0) return 3;
  // Nobody may pull the memory from under the other.
  if (ftruncate(4, 4096) == 0) return 4;
  say("{\"type\": \"ready\", \"device\": \"cpu\", \"batch\": 4, \"notes\": []}\n");
  for (long done = 1;; done++) {
    receive();
    if (strstr(line, "\"type\":\"stop\"")) return 0;
    long id = number(line, "id"), slot = number(line, "slot");
    const long tiles = number(line, "count");
    const int isFaulty = done >= faultyBatch;
    if (is("slow")) beat(0.004, 0);
    if (isFaulty) {
      if (is("die")) raise(SIGKILL);
      if (is("crash")) raise(SIGSEGV);
      if (is("stop")) raise(SIGSTOP);
      if (is("hang")) beat(1e9, 0);
      if (is("garbage")) say("Traceback (most recent call last):\n");
      if (is("binary")) say("\x01\x80{{{\n");
      if (is("short")) {
        say("{\"type\": \"done\"}\n");
        continue;
      }
      if (is("long")) {
        for (int part = 0; part < 70; part++) {
          char block[1025];
          memset(block, 'x', 1024);
          block[1024] = 0;
          say(block);
        }
      }
      if (is("memory")) {
        char answer[200];
        snprintf(answer, sizeof answer,
                 "{\"type\": \"failed\", \"id\": %ld, \"slot\": %ld, \"reason\": \"has not enough memory on cuda:0 for "
                 "one tile\", \"remedy\": null}\n",
                 id, slot);
        say(answer);
        continue;
      }
    }
    float *rows = (float *)(void *)(base + outputOffset + slot * outputStride);
    for (long output = 0; output < outputs; output++) {
      const long width = isMeans[output] ? 3 : 2;
      for (long tile = 0; tile < tiles; tile++) {
        const uint8_t *const pixels = base + inputOffset + slot * inputStride + tile * side * side * 3;
        float means[3];
        for (int channel = 0; channel < 3; channel++) {
          long sum = 0;
          for (long place = 0; place < side * side; place++) sum += pixels[place * 3 + channel];
          means[channel] = ((float)sum / (float)(side * side) - 127.5F) / 127.5F;
        }
        float *const row = rows + tile * width;
        for (long column = 0; column < width; column++) {
          row[column] = isMeans[output] ? means[column] : means[column] - means[2];
        }
        if (isFaulty && is("nan")) row[0] = NAN;
      }
      rows += batch * width;
      if (isFaulty && is("lazy")) break;
    }
    if (isFaulty && is("id")) id += 100;
    if (isFaulty && is("slot")) slot += 1;
    char answer[120];
    snprintf(answer, sizeof answer, "{\"type\": \"done\", \"id\": %ld, \"slot\": %ld, \"notes\": []}\n", id, slot);
    say(answer);
    if (isFaulty && is("twice")) say(answer);
  }
}
