//===- LoadTime.cpp - Loading a model beside protobuf's parser ------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both readers take turns on the same file, and each starts from its path:
//   ours      map, walk the wire, import into MLIR, verify
//   protobuf  map, Model::ParseFromArray
// The ratio of their medians is the figure; a child process that only loads
// tells what stays resident.
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/Model.h"
#include "MLModel/Support/MappedFile.h"
#include "Model.pb.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

double measure(const std::function<void()> &run) {
  auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - start)
      .count();
}

[[noreturn]] void fail(llvm::Twine message) {
  llvm::errs() << message << '\n';
  exit(1);
}

void loadOurs(const std::string &path) {
  auto model = mlmodel::Model::load(path);
  if (!model)
    fail(llvm::toString(model.takeError()));
}

void loadProtobuf(const std::string &path) {
  auto file = mlmodel::MappedFile::open(path);
  if (!file)
    fail(llvm::toString(file.takeError()));
  CoreML::Specification::Model model;
  llvm::ArrayRef<uint8_t> bytes = (*file)->bytes();
  if (!model.ParseFromArray(bytes.data(), int(bytes.size())))
    fail(path + ": protobuf cannot parse this");
}

struct Times {
  std::vector<double> values;

  double median() {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }
  void print(const char *name) {
    double middle = median();
    llvm::outs() << llvm::format(
        "%-9s median %8.2f ms   min %8.2f   max %8.2f\n", name, middle,
        values.front(), values.back());
  }
};

/// A line of /proc/self/status in MiB.
double readStatus(llvm::StringRef key) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line))
    if (llvm::StringRef(line).starts_with(key))
      return std::stod(line.substr(key.size())) / 1024;
  return 0;
}

/// Runs \p load in a process of its own.
void runInChild(const char *name, const std::function<void()> &load) {
  llvm::outs().flush();
  pid_t child = fork();
  if (child == 0) {
    load();
    exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0)
    fail(llvm::Twine(name) + ": loading failed");
}

void printResident(const char *name) {
  llvm::outs() << llvm::format("%-9s resident %8.1f MiB   peak %8.1f MiB\n",
                               name, readStatus("VmRSS:"),
                               readStatus("VmHWM:"));
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) {
    llvm::errs() << "usage: mlmodel-bench-load MODEL.mlmodel [ROUNDS]\n";
    return 2;
  }
  std::string path = argv[1];
  int rounds = argc == 3 ? std::max(1, atoi(argv[2])) : 15;

  // First the memory, while this process is still small.
  runInChild("ours", [&] {
    auto model = mlmodel::Model::load(path);
    if (!model)
      fail(llvm::toString(model.takeError()));
    printResident("ours");
  });
  runInChild("protobuf", [&] {
    auto file = mlmodel::MappedFile::open(path);
    if (!file)
      fail(llvm::toString(file.takeError()));
    CoreML::Specification::Model model;
    model.ParseFromArray((*file)->bytes().data(), int((*file)->bytes().size()));
    printResident("protobuf");
  });

  Times ours, protobuf;
  for (int i = 0; i < rounds; ++i) {
    ours.values.push_back(measure([&] { loadOurs(path); }));
    protobuf.values.push_back(measure([&] { loadProtobuf(path); }));
  }
  ours.print("ours");
  protobuf.print("protobuf");
  llvm::outs() << llvm::format(
      "protobuf / ours: %.2f (%d rounds each, in turns)\n",
      protobuf.median() / ours.median(), rounds);
  return 0;
}
