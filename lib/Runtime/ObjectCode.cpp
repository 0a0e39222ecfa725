//===- ObjectCode.cpp - From LLVM IR to object files ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels are functions of their own that nothing is inlined into or from, so
// LLVM has as much to work with in a part of a module as in the whole. A thread
// needs a context of its own: parts reach it as bitcode.
//
//===----------------------------------------------------------------------===//

#include "ObjectCode.h"
#include "HostTarget.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/Threading.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;
using mlmodel::ObjectCode;

/// Instructions that are worth a part: what LLVM takes some hundredths of a
/// second for, far more than it takes to copy them.
static constexpr size_t kPartInstructions = 1000;
/// More parts would leave none of them less than what the longest kernel takes.
static constexpr size_t kMostParts = 16;

/// From LLVM IR to an object file, on this thread.
static Expected<ObjectCode> emitObject(Module &module, unsigned optLevel) {
  Expected<std::unique_ptr<TargetMachine>> target =
      mlmodel::createHostTarget(optLevel);
  if (!target)
    return target.takeError();
  if (Error error = mlmodel::optimizeForHost(module, optLevel, **target))
    return std::move(error);
  auto object = std::make_shared<SmallVector<char, 0>>();
  raw_svector_ostream os(*object);
  legacy::PassManager passes;
  if ((*target)->addPassesToEmitFile(passes, os, nullptr,
                                     CodeGenFileType::ObjectFile))
    return createStringError(std::errc::invalid_argument,
                             "this machine's target writes no object files");
  passes.run(module);
  return object;
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

namespace {

/// Which part each function with a body belongs to.
struct Division {
  DenseMap<const Function *, size_t> parts;
  size_t numParts = 1;

  explicit Division(Module &module);

  bool isDefinedIn(const GlobalValue &value, size_t part) const;
  /// Lets functions see those of other parts.
  void exposeFunctions(Module &module) const;
};

} // namespace

/// The only function of \p module that \p function calls and that is not
/// inlined; null if there are several or none.
static const Function *findKernel(const Function &function) {
  const Function *found = nullptr;
  for (const Instruction &instruction : instructions(function)) {
    auto *call = dyn_cast<CallBase>(&instruction);
    const Function *callee = call ? call->getCalledFunction() : nullptr;
    bool isKernel = callee && !callee->isDeclaration() &&
                    callee->hasFnAttribute(Attribute::NoInline);
    if (!isKernel || callee == found)
      continue;
    if (found)
      return nullptr;
    found = callee;
  }
  return found;
}

Division::Division(Module &module) {
  struct Sized {
    const Function *function;
    size_t size;
  };
  std::vector<Sized> kernels;
  size_t total = 0;
  for (const Function &function : module) {
    if (function.isDeclaration())
      continue;
    parts[&function] = 0;
    // What is inlined stays with its callers.
    if (!function.hasFnAttribute(Attribute::NoInline))
      continue;
    kernels.push_back({&function, function.getInstructionCount()});
    total += kernels.back().size;
  }
  // Parts copy the tables that they use. Of anything else there must be one.
  bool hasShared = llvm::any_of(module.globals(), [](const auto &global) {
    return !global.isDeclaration() &&
           !(global.isConstant() && global.hasLocalLinkage());
  });
  size_t most =
      hasShared ? 1 : std::clamp<size_t>(kernels.size(), 1, kMostParts);
  numParts = std::clamp<size_t>(total / kPartInstructions, 1, most);
  // The next biggest one goes where there is least.
  llvm::stable_sort(
      kernels, [](const Sized &a, const Sized &b) { return a.size > b.size; });
  std::vector<size_t> sizes(numParts);
  for (const Sized &kernel : kernels) {
    size_t part = llvm::min_element(sizes) - sizes.begin();
    parts[kernel.function] = part;
    sizes[part] += kernel.size;
  }
  // What calls a kernel for a thread is worth no call of its own.
  for (const Function &function : module)
    if (!function.hasFnAttribute(Attribute::AlwaysInline))
      if (const Function *kernel = findKernel(function))
        parts[&function] = parts.lookup(kernel);
}

bool Division::isDefinedIn(const GlobalValue &value, size_t part) const {
  auto *function = dyn_cast<Function>(&value);
  return !function || parts.lookup(function) == part;
}

void Division::exposeFunctions(Module &module) const {
  for (Function &function : module) {
    bool isCalledElsewhere =
        !function.isDeclaration() &&
        llvm::any_of(function.users(), [&](const User *user) {
          auto *call = dyn_cast<Instruction>(user);
          return !call ||
                 parts.lookup(call->getFunction()) != parts.lookup(&function);
        });
    if (!isCalledElsewhere || !function.hasLocalLinkage())
      continue;
    function.setLinkage(GlobalValue::ExternalLinkage);
    function.setVisibility(GlobalValue::HiddenVisibility);
  }
}

/// The bitcode of what is defined in \p part.
static SmallVector<char, 0> copyPart(const Module &module,
                                     const Division &division, size_t part) {
  ValueToValueMapTy values;
  std::unique_ptr<Module> copy =
      CloneModule(module, values, [&](const GlobalValue *value) {
        return division.isDefinedIn(*value, part);
      });
  SmallVector<char, 0> bitcode;
  raw_svector_ostream os(bitcode);
  WriteBitcodeToFile(*copy, os);
  return bitcode;
}

static Expected<ObjectCode> compilePart(ArrayRef<char> bitcode,
                                        unsigned optLevel) {
  LLVMContext context;
  Expected<std::unique_ptr<Module>> module = parseBitcodeFile(
      MemoryBufferRef(StringRef(bitcode.data(), bitcode.size()), "part"),
      context);
  if (!module)
    return module.takeError();
  return emitObject(**module, optLevel);
}

Expected<std::vector<ObjectCode>>
mlmodel::emitObjects(std::unique_ptr<Module> module, unsigned optLevel,
                     unsigned threads) {
  Division division(*module);
  std::vector<ObjectCode> objects(division.numParts);
  if (division.numParts == 1) {
    Expected<ObjectCode> object = emitObject(*module, optLevel);
    if (!object)
      return object.takeError();
    objects.front() = std::move(*object);
    return objects;
  }
  division.exposeFunctions(*module);
  std::vector<Error> errors;
  for (size_t part = 0; part < division.numParts; ++part)
    errors.push_back(Error::success());
  {
    DefaultThreadPool pool(hardware_concurrency(threads));
    for (size_t part = 0; part < division.numParts; ++part)
      pool.async([&, part, bitcode = copyPart(*module, division, part)] {
        Expected<ObjectCode> object = compilePart(bitcode, optLevel);
        if (object)
          objects[part] = std::move(*object);
        else
          errors[part] = object.takeError();
      });
    module.reset();
    pool.wait();
  }
  Error all = Error::success();
  for (Error &error : errors)
    all = joinErrors(std::move(all), std::move(error));
  if (all)
    return std::move(all);
  return objects;
}
