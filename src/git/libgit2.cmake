# How libgit2 gets into the program: the first of these that can be had, or the one that is asked for.
#
#   system  one static file, with the distribution's libgit2.a less its network parts
#   source  the same with a libgit2 that is built here, of the directory ONEHEAD_LIBGIT2_SOURCE or of
#           the distribution's source package
#   shared  the distribution's shared libraries
#
# One file starts in a tenth of the time, and runs anywhere. Sets ONEHEAD_LINKED, the words for it
# ONEHEAD_LINKED_TEXT, and the libraries `libgit2`, `re2` and `fmt`.

set(ONEHEAD_LINK auto CACHE STRING "auto, static (system or source), system, source or shared")
set_property(CACHE ONEHEAD_LINK PROPERTY STRINGS auto static system source shared)
set(ONEHEAD_LIBGIT2_SOURCE "" CACHE PATH "Source of libgit2, to be built in")

pkg_check_modules(LIBGIT2 IMPORTED_TARGET libgit2>=1.1)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
find_package(fmt REQUIRED)
include(CheckIncludeFileCXX)

# The static libraries that a libgit2.a may ask for, of those that are here.
set(libgit2_needs)
foreach(name mbedcrypto z)
  find_library(static_${name} lib${name}.a)
  mark_as_advanced(static_${name})
  if(static_${name})
    list(APPEND libgit2_needs ${static_${name}})
  endif()
endforeach()

# What a linker takes in place of libgit2's own, so that it asks for no TLS and other libraries.
set(stand_ins ${CMAKE_SOURCE_DIR}/src/git/static/without_network.cc ${CMAKE_SOURCE_DIR}/src/git/static/without_pcre2.cc)

# Links and starts a program that uses RE2 and initialises libgit2. `why` is empty when it works.
function(try_static way libgit2_a why)
  set(probe ${CMAKE_BINARY_DIR}/static_probe_${way})
  file(WRITE ${probe}.cc "#include <re2/re2.h>\nextern \"C\" int git_libgit2_init();\n\
int main() { return RE2::FullMatch(\"a\", \"a\") && git_libgit2_init() == 1 ? 0 : 1; }\n")
  # Not from an earlier configuration: packages come and go.
  unset(links CACHE)
  try_compile(links ${probe} SOURCES ${probe}.cc ${stand_ins}
    COMPILE_DEFINITIONS -DONEHEAD_STATIC LINK_OPTIONS -static
    LINK_LIBRARIES ${libgit2_a} ${libgit2_needs} ${RE2_STATIC_LDFLAGS}
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${RE2_INCLUDE_DIRS};${libgit2_source}/include"
    CXX_STANDARD 20 OUTPUT_VARIABLE log COPY_FILE ${probe}.exe COPY_FILE_ERROR ignored)
  if(NOT links)
    set(${why} "${libgit2_a} cannot be linked:\n${log}" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${probe}.exe RESULT_VARIABLE exit_code OUTPUT_QUIET ERROR_QUIET)
  if(exit_code EQUAL 0)
    set(${why} "" PARENT_SCOPE)
  else()
    set(${why} "a program with ${libgit2_a} links, but fails: ${exit_code}" PARENT_SCOPE)
  endif()
endfunction()

# The distribution's source package, which apt verifies, unpacked below the build directory. With
# the machine's own list of mirrors; nothing outside of the build directory changes.
function(fetch_libgit2_source directory why)
  set(apt ${CMAKE_BINARY_DIR}/libgit2-apt)
  file(GLOB unpacked ${apt}/libgit2-*/CMakeLists.txt)
  find_program(APT_GET apt-get)
  find_program(DPKG_SOURCE dpkg-source)
  mark_as_advanced(APT_GET DPKG_SOURCE)
  if(NOT unpacked AND (NOT APT_GET OR NOT DPKG_SOURCE))
    set(${why} "apt-get and dpkg-source are not both here; name a directory: ONEHEAD_LIBGIT2_SOURCE" PARENT_SCOPE)
    return()
  endif()
  if(NOT unpacked)
    file(MAKE_DIRECTORY ${apt}/lists/partial ${apt}/cache/archives/partial)
    file(GLOB mirrors /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
    foreach(file IN LISTS mirrors)
      file(READ ${file} text)
      string(REGEX REPLACE "(^|\n)deb " "\\1deb-src " text "${text}")
      string(REGEX REPLACE "(^|\n)Types:[^\n]*" "\\1Types: deb-src" text "${text}")
      get_filename_component(name ${file} NAME)
      file(WRITE ${apt}/sources/${name} "${text}")
    endforeach()
    # As the user who builds: apt's own could not write here.
    set(apt_get ${APT_GET} -q -o APT::Sandbox::User=root -o Acquire::Retries=1 -o Acquire::http::Timeout=20
      -o Dir::Etc::sourcelist=${apt}/sources/sources.list -o Dir::Etc::sourceparts=${apt}/sources
      -o Dir::State::lists=${apt}/lists -o Dir::Cache=${apt}/cache)
    message(STATUS "Asking ${APT_GET} for the source of libgit2")
    execute_process(COMMAND ${apt_get} update TIMEOUT 300 OUTPUT_VARIABLE log ERROR_VARIABLE log)
    execute_process(COMMAND ${apt_get} source libgit2 WORKING_DIRECTORY ${apt} TIMEOUT 300
      OUTPUT_VARIABLE log ERROR_VARIABLE log)
    file(GLOB unpacked ${apt}/libgit2-*/CMakeLists.txt)
  endif()
  if(unpacked)
    list(GET unpacked 0 unpacked)
    get_filename_component(unpacked ${unpacked} DIRECTORY)
    set(${directory} ${unpacked} PARENT_SCOPE)
  else()
    set(${why} "no source package of libgit2:\n${log}" PARENT_SCOPE)
  endif()
endfunction()

# Builds `source` without what needs a network or further libraries. Sets `libgit2_a`.
function(build_libgit2 source libgit2_a why)
  set(build ${CMAKE_BINARY_DIR}/libgit2)
  set(options -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTS=OFF -DBUILD_CLI=OFF -DBUILD_CLAR=OFF -DUSE_HTTPS=OFF
    -DUSE_SSH=OFF -DUSE_GSSAPI=OFF -DUSE_NTLMCLIENT=OFF -DUSE_THREADS=ON -DUSE_SHA1=CollisionDetection
    -DUSE_SHA256=Builtin -DREGEX_BACKEND=regcomp)
  # Distributions take the libraries that come with it out of their source packages.
  if(EXISTS ${source}/deps/zlib)
    list(APPEND options -DUSE_BUNDLED_ZLIB=ON)
  endif()
  if(EXISTS ${source}/deps/http-parser OR EXISTS ${source}/deps/llhttp)
    list(APPEND options -DUSE_HTTP_PARSER=builtin)
  else()
    list(APPEND options -DUSE_HTTP_PARSER=system)
  endif()
  message(STATUS "Building libgit2 of ${source}")
  execute_process(RESULT_VARIABLE exit_code OUTPUT_VARIABLE log ERROR_VARIABLE log
    COMMAND ${CMAKE_COMMAND} -S ${source} -B ${build} -G ${CMAKE_GENERATOR} -DCMAKE_BUILD_TYPE=Release
      -DCMAKE_C_FLAGS_RELEASE=-O2\ -DNDEBUG\ -ffunction-sections\ -fdata-sections
      -DCMAKE_C_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER} ${options})
  if(exit_code EQUAL 0)
    execute_process(RESULT_VARIABLE exit_code OUTPUT_VARIABLE log ERROR_VARIABLE log
      COMMAND ${CMAKE_COMMAND} --build ${build} --parallel)
  endif()
  file(GLOB built ${build}/libgit2.a)
  if(exit_code EQUAL 0 AND built)
    set(${libgit2_a} ${built} PARENT_SCOPE)
  else()
    set(${why} "libgit2 of ${source} cannot be built:\n${log}" PARENT_SCOPE)
  endif()
endfunction()

if(NOT ONEHEAD_LINK MATCHES "^(auto|static|system|source|shared)$")
  message(FATAL_ERROR "ONEHEAD_LINK=${ONEHEAD_LINK}: auto, static, system, source or shared?")
endif()
if(ONEHEAD_SANITIZE AND ONEHEAD_LINK MATCHES "static|system|source")
  message(FATAL_ERROR "ONEHEAD_LINK=${ONEHEAD_LINK}: the sanitizers need shared libraries")
endif()
set(ways ${ONEHEAD_LINK})
if(ONEHEAD_LIBGIT2_SOURCE AND ONEHEAD_LINK MATCHES "auto|static")
  set(ways source)
elseif(ONEHEAD_LINK STREQUAL "auto" AND (ONEHEAD_TESTS OR ONEHEAD_BENCH OR ONEHEAD_SANITIZE OR ONEHEAD_FUZZ))
  set(ways shared)
elseif(ONEHEAD_LINK STREQUAL "auto")
  set(ways system source shared)
elseif(ONEHEAD_LINK STREQUAL "static")
  set(ways system source)
endif()

set(ONEHEAD_LINKED)
set(reasons)
foreach(way IN LISTS ways)
  set(why "")
  set(libgit2_a)
  set(libgit2_source ${ONEHEAD_LIBGIT2_SOURCE})
  if(way STREQUAL "system")
    find_library(SYSTEM_LIBGIT2 libgit2.a)
    mark_as_advanced(SYSTEM_LIBGIT2)
    set(libgit2_a ${SYSTEM_LIBGIT2})
    if(NOT libgit2_a)
      set(why "the system has no libgit2.a")
    endif()
  elseif(way STREQUAL "source")
    if(NOT libgit2_source)
      fetch_libgit2_source(libgit2_source why)
    endif()
    if(libgit2_source)
      build_libgit2(${libgit2_source} libgit2_a why)
    endif()
  elseif(NOT LIBGIT2_FOUND)
    set(why "pkg-config knows no libgit2 of version 1.1 or later")
  endif()
  if(libgit2_a)
    try_static(${way} ${libgit2_a} why)
  endif()
  if(NOT why)
    set(ONEHEAD_LINKED ${way})
    break()
  endif()
  string(APPEND reasons "\n${way}: ${why}")
endforeach()
if(NOT ONEHEAD_LINKED)
  message(FATAL_ERROR "ONEHEAD_LINK=${ONEHEAD_LINK} cannot be had here.${reasons}")
endif()

if(ONEHEAD_LINKED STREQUAL "shared")
  set(ONEHEAD_LINKED_TEXT "shared")
  set(libgit2 PkgConfig::LIBGIT2)
  set(re2 PkgConfig::RE2)
  set(fmt fmt::fmt)
else()
  set(ONEHEAD_LINKED_TEXT "static, the system's")
  if(ONEHEAD_LINKED STREQUAL "source")
    set(ONEHEAD_LINKED_TEXT "static, built from source")
    # In front of the system's headers.
    include_directories(SYSTEM ${libgit2_source}/include)
  endif()
  # zlib by libdeflate, where that is there as a static library.
  find_library(static_libdeflate libdeflate.a)
  check_include_file_cxx(libdeflate.h has_libdeflate_h)
  mark_as_advanced(static_libdeflate)
  if(static_libdeflate AND has_libdeflate_h)
    set_source_files_properties(${CMAKE_SOURCE_DIR}/src/git/static/inflate_at_once.cc PROPERTIES
      COMPILE_DEFINITIONS ONEHEAD_LIBDEFLATE)
    foreach(name inflateInit_ inflate inflateReset inflateEnd)
      add_link_options(-Wl,--wrap=${name} -Wl,--undefined=__wrap_${name})
    endforeach()
    set(libdeflate ${static_libdeflate})
  endif()
  # The stand-ins must be in before libgit2 asks for the real ones.
  add_link_options(-static -Wl,--gc-sections -Wl,--undefined=git_transport_new -Wl,--undefined=git_regexp_compile)
  add_compile_options(-ffunction-sections -fdata-sections)
  set_source_files_properties(${stand_ins} PROPERTIES COMPILE_DEFINITIONS ONEHEAD_STATIC)
  set(libgit2 ${libgit2_a} ${libgit2_needs} ${libdeflate})
  set(re2 ${RE2_STATIC_LDFLAGS})
  set(fmt fmt::fmt-header-only)  # Debian has no libfmt.a
endif()
message(STATUS "libgit2 is linked so: ${ONEHEAD_LINKED_TEXT}")
