// zlib's inflate() by libdeflate, which needs a third to two thirds of the time.
//
// In the static build only, and where libdeflate is there (ONEHEAD_LIBDEFLATE): the linker gives
// libgit2 these in place of zlib's (--wrap). libdeflate unpacks a stream at once or not at all, and
// libgit2 has most streams whole in memory. Whatever else comes, and whatever is wrong with a
// stream, is left to zlib, from the start of the stream.
#ifdef ONEHEAD_LIBDEFLATE

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

extern "C" {
int __real_inflateInit_(z_stream* stream, const char* version, int size);
int __real_inflate(z_stream* stream, int flush);
int __real_inflateEnd(z_stream* stream);
int __wrap_inflateInit_(z_stream* stream, const char* version, int size);
int __wrap_inflate(z_stream* stream, int flush);
int __wrap_inflateReset(z_stream* stream);
int __wrap_inflateEnd(z_stream* stream);
}

namespace {

// libgit2 asks for the header of a loose object in so many bytes, and then for all of it; for less
// when it wants to know no more than the size of a delta.
constexpr std::size_t kHeaderOfLoose = 64;
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

struct Decompressor {
  libdeflate_decompressor* const d = libdeflate_alloc_decompressor();
  ~Decompressor() { libdeflate_free_decompressor(d); }
};

enum class Way { kUndecided, kAtOnce, kByZlib };

struct Stream {
  Way way = Way::kUndecided;
  std::unique_ptr<char[]> bytes;  // unpacked, where they did not fit into what was given
  std::size_t size = 0;
  std::size_t given = 0;
  z_stream zlib = {};
};

Stream* StreamOf(z_stream* stream) { return reinterpret_cast<Stream*>(stream->state); }

void Advance(z_stream* stream, std::size_t in, std::size_t out) {
  stream->next_in += in;
  stream->avail_in -= static_cast<uInt>(in);
  stream->total_in += in;
  stream->next_out += out;
  stream->avail_out -= static_cast<uInt>(out);
  stream->total_out += out;
}

int Give(Stream* s, z_stream* stream) {
  const std::size_t size = std::min<std::size_t>(s->size - s->given, stream->avail_out);
  std::memcpy(stream->next_out, s->bytes.get() + s->given, size);
  s->given += size;
  Advance(stream, 0, size);
  return s->given == s->size ? Z_STREAM_END : size != 0 ? Z_OK : Z_BUF_ERROR;
}

// False: zlib has to do it.
bool UnpackAtOnce(Stream* s, z_stream* stream, int* result) {
  thread_local const Decompressor decompressor;
  if (decompressor.d == nullptr || stream->avail_out < kHeaderOfLoose) return false;
  std::size_t in = 0;
  std::size_t out = 0;
  if (stream->avail_out != kHeaderOfLoose) {
    const libdeflate_result done =
        libdeflate_zlib_decompress_ex(decompressor.d, stream->next_in, stream->avail_in,
                                      stream->next_out, stream->avail_out, &in, &out);
    if (done != LIBDEFLATE_SUCCESS) return false;
    Advance(stream, in, out);
    *result = Z_STREAM_END;
    return true;
  }
  libdeflate_result done = LIBDEFLATE_INSUFFICIENT_SPACE;
  for (std::size_t room = std::size_t{4} * stream->avail_in + 1024;
       done == LIBDEFLATE_INSUFFICIENT_SPACE && room <= kMaxBytes; room *= 4) {
    s->bytes.reset(new (std::nothrow) char[room]);
    if (s->bytes == nullptr) return false;
    done = libdeflate_zlib_decompress_ex(decompressor.d, stream->next_in, stream->avail_in,
                                         s->bytes.get(), room, &in, &s->size);
  }
  if (done != LIBDEFLATE_SUCCESS) return false;
  Advance(stream, in, 0);
  *result = Give(s, stream);
  return true;
}

int ByZlib(Stream* s, z_stream* stream, int flush) {
  z_stream* zlib = &s->zlib;
  zlib->next_in = stream->next_in;
  zlib->avail_in = stream->avail_in;
  zlib->next_out = stream->next_out;
  zlib->avail_out = stream->avail_out;
  const bool any_input = zlib->avail_in != 0;
  const uInt room = zlib->avail_out;
  const int result = __real_inflate(zlib, flush);
  // libgit2 would ask for the rest of a loose object that is cut off again and again.
  if (result == Z_BUF_ERROR && !any_input && zlib->avail_out == room) {
    static char message[] = "it is cut off";
    stream->msg = message;
    return Z_DATA_ERROR;
  }
  Advance(stream, stream->avail_in - zlib->avail_in, stream->avail_out - zlib->avail_out);
  stream->msg = zlib->msg;
  return result;
}

}  // namespace

int __wrap_inflateInit_(z_stream* stream, const char*, int) {
  auto* s = new (std::nothrow) Stream;
  stream->state = reinterpret_cast<internal_state*>(s);
  stream->msg = nullptr;
  stream->total_in = stream->total_out = 0;
  return s != nullptr ? Z_OK : Z_MEM_ERROR;
}

int __wrap_inflate(z_stream* stream, int flush) {
  Stream* s = StreamOf(stream);
  if (s == nullptr) return Z_STREAM_ERROR;
  if (s->way == Way::kUndecided && stream->avail_in != 0) {
    int result = Z_OK;
    if (UnpackAtOnce(s, stream, &result)) {
      s->way = Way::kAtOnce;
      return result;
    }
    s->bytes.reset();
    const int code = __real_inflateInit_(&s->zlib, ZLIB_VERSION, sizeof s->zlib);
    if (code != Z_OK) return code;
    s->way = Way::kByZlib;
  }
  if (s->way == Way::kByZlib) return ByZlib(s, stream, flush);
  return s->way == Way::kAtOnce ? Give(s, stream) : Z_DATA_ERROR;
}

int __wrap_inflateEnd(z_stream* stream) {
  Stream* s = StreamOf(stream);
  if (s == nullptr) return Z_STREAM_ERROR;
  if (s->way == Way::kByZlib) __real_inflateEnd(&s->zlib);
  delete s;
  stream->state = nullptr;
  return Z_OK;
}

int __wrap_inflateReset(z_stream* stream) {
  __wrap_inflateEnd(stream);
  return __wrap_inflateInit_(stream, ZLIB_VERSION, sizeof *stream);
}

#endif
