//===- NetworkBinary.cpp - Networks as object files and libraries ---------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostTarget.h"
#include "MLModel/CodeGen/Passes.h"
#include "MLModel/Runtime/AheadOfTime.h"
#include "MLModel/Runtime/CompiledStage.h"
#include "MLModel/Support/AtomicFile.h"
#include "MLModel/Support/Errors.h"
#include "MLModel/Support/MappedFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlmodel;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

//===----------------------------------------------------------------------===//
// The C function and the weights
//===----------------------------------------------------------------------===//

namespace {

/// Builds the module with NAME_predict, which passes what it is given to the
/// stage's entry point as memref descriptors (see CompiledStage::kEntryName).
class InterfaceBuilder {
public:
  InterfaceBuilder(llvm::Module &module, const CompiledStage &stage)
      : module(module), stage(stage), builder(module.getContext()) {}

  void build(StringRef name);

private:
  llvm::StructType *getDescriptorType(size_t rank);
  llvm::Constant *makeSizes(ArrayRef<int64_t> shape);
  llvm::Constant *makeStrides(ArrayRef<int64_t> shape);
  llvm::Value *makeDescriptor(llvm::Value *data, ArrayRef<int64_t> shape);
  llvm::Value *makeBlob(llvm::Value *pointers, unsigned index,
                        ArrayRef<int64_t> shape);
  llvm::Constant *makeWeight(const CompiledStage::Weight &weight);
  void call(ArrayRef<llvm::Value *> descriptors);
  void defineRunRounds();

  llvm::Module &module;
  const CompiledStage &stage;
  llvm::IRBuilder<> builder;
};

} // namespace

/// Allocated and aligned pointer, offset, sizes, strides.
llvm::StructType *InterfaceBuilder::getDescriptorType(size_t rank) {
  llvm::Type *pointer = builder.getPtrTy(), *number = builder.getInt64Ty();
  auto *numbers = llvm::ArrayType::get(number, rank);
  return llvm::StructType::get(module.getContext(),
                               {pointer, pointer, number, numbers, numbers});
}

llvm::Constant *InterfaceBuilder::makeSizes(ArrayRef<int64_t> shape) {
  llvm::SmallVector<uint64_t> sizes(shape.begin(), shape.end());
  return llvm::ConstantDataArray::get(module.getContext(), sizes);
}

llvm::Constant *InterfaceBuilder::makeStrides(ArrayRef<int64_t> shape) {
  llvm::SmallVector<uint64_t> strides(shape.size());
  uint64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0; stride *= shape[i])
    strides[i] = stride;
  return llvm::ConstantDataArray::get(module.getContext(), strides);
}

llvm::Value *InterfaceBuilder::makeDescriptor(llvm::Value *data,
                                              ArrayRef<int64_t> shape) {
  llvm::StructType *type = getDescriptorType(shape.size());
  llvm::Value *fields[] = {data, data, builder.getInt64(0), makeSizes(shape),
                           makeStrides(shape)};
  llvm::Value *descriptor = builder.CreateAlloca(type);
  for (auto [i, field] : llvm::enumerate(fields))
    builder.CreateStore(field, builder.CreateStructGEP(type, descriptor, i));
  return descriptor;
}

/// For element \p index of an array of pointers.
llvm::Value *InterfaceBuilder::makeBlob(llvm::Value *pointers, unsigned index,
                                        ArrayRef<int64_t> shape) {
  llvm::Value *place =
      builder.CreateConstGEP1_32(builder.getPtrTy(), pointers, index);
  return makeDescriptor(builder.CreateLoad(builder.getPtrTy(), place), shape);
}

/// The weight as a constant, and a constant descriptor of it.
llvm::Constant *
InterfaceBuilder::makeWeight(const CompiledStage::Weight &weight) {
  auto makeGlobal = [&](llvm::Constant *value, const char *name) {
    auto *global = new llvm::GlobalVariable(
        module, value->getType(), /*isConstant=*/true,
        llvm::GlobalValue::InternalLinkage, value, name);
    global->setAlignment(llvm::Align(CompiledStage::kArenaAlignment));
    return global;
  };
  llvm::Constant *data =
      makeGlobal(llvm::ConstantDataArray::getRaw(
                     StringRef(weight.bytes.data(), weight.bytes.size()),
                     weight.bytes.size(), builder.getInt8Ty()),
                 "weight");
  return makeGlobal(llvm::ConstantStruct::get(
                        getDescriptorType(weight.shape.size()),
                        {data, data, builder.getInt64(0),
                         makeSizes(weight.shape), makeStrides(weight.shape)}),
                    "descriptor");
}

void InterfaceBuilder::call(ArrayRef<llvm::Value *> descriptors) {
  auto *type = llvm::ArrayType::get(builder.getPtrTy(), descriptors.size());
  llvm::Value *table = builder.CreateAlloca(type);
  for (auto [i, descriptor] : llvm::enumerate(descriptors))
    builder.CreateStore(descriptor,
                        builder.CreateConstGEP2_32(type, table, 0, i));
  llvm::FunctionCallee entry = module.getOrInsertFunction(
      CompiledStage::kEntryName, builder.getVoidTy(), builder.getPtrTy());
  builder.CreateCall(entry, table);
}

/// What kernels that are worth several threads are called through: here the
/// calling thread runs all rounds.
void InterfaceBuilder::defineRunRounds() {
  llvm::Type *pointer = builder.getPtrTy(), *integer = builder.getInt64Ty();
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), {pointer, pointer, integer},
                              false),
      llvm::GlobalValue::ExternalLinkage, kRunRoundsName, module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  auto *body = llvm::FunctionType::get(builder.getVoidTy(),
                                       {pointer, integer, integer}, false);
  builder.CreateCall(
      body, function->getArg(0),
      {function->getArg(1), builder.getInt64(0), function->getArg(2)});
  builder.CreateRetVoid();
}

void InterfaceBuilder::build(StringRef name) {
  defineRunRounds();
  llvm::Type *pointer = builder.getPtrTy();
  auto *function = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), {pointer, pointer, pointer},
                              false),
      llvm::GlobalValue::ExternalLinkage, name + "_predict", module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", function));
  llvm::SmallVector<llvm::Value *> descriptors;
  for (auto [i, shape] : llvm::enumerate(stage.inputs))
    descriptors.push_back(makeBlob(function->getArg(0), i, shape));
  for (auto [i, shape] : llvm::enumerate(stage.outputs))
    descriptors.push_back(makeBlob(function->getArg(1), i, shape));
  for (const CompiledStage::Weight &weight : stage.weights)
    descriptors.push_back(makeWeight(weight));
  if (stage.arenaBytes != 0)
    descriptors.push_back(
        makeDescriptor(function->getArg(2), {int64_t(stage.arenaBytes)}));
  call(descriptors);
  builder.CreateRetVoid();
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

namespace {

/// A file with a name of its own in the directory for temporary files, removed
/// at the end.
class TemporaryFile {
public:
  static Expected<TemporaryFile> create() {
    llvm::SmallString<128> path;
    if (std::error_code error = fs::createTemporaryFile("mlmodel", "o", path))
      return makeError(ExitCode::IO,
                       "cannot create a temporary file: " + error.message());
    return TemporaryFile(path);
  }

  Error write(ArrayRef<char> bytes) const {
    std::error_code error;
    llvm::raw_fd_ostream os(path, error);
    if (!error) {
      os.write(bytes.data(), bytes.size());
      os.close();
      error = os.error();
      os.clear_error();
    }
    if (error)
      return makeError(ExitCode::IO, path + ": " + error.message());
    return Error::success();
  }

  const std::string &getPath() const { return path; }

private:
  explicit TemporaryFile(StringRef path)
      : path(path.str()), remover(std::make_unique<llvm::FileRemover>(path)) {}

  std::string path;
  std::unique_ptr<llvm::FileRemover> remover;
};

} // namespace

/// Runs the C compiler, which knows where the system's libraries are.
static Error runCompiler(ArrayRef<StringRef> arguments) {
  llvm::ErrorOr<std::string> program = std::error_code();
  for (StringRef name : {"cc", "clang", "gcc"})
    if ((program = llvm::sys::findProgramByName(name)))
      break;
  if (!program)
    return makeError(ExitCode::Unsupported,
                     "linking needs a C compiler: cc, clang or gcc");
  llvm::SmallVector<StringRef> all{*program};
  llvm::append_range(all, arguments);
  std::string message;
  int status = llvm::sys::ExecuteAndWait(*program, all, std::nullopt, {}, 0, 0,
                                         &message);
  if (status == 0)
    return Error::success();
  return makeError(ExitCode::IO, *program + " failed to link" +
                                     (message.empty() ? "" : ": " + message));
}

/// The object with NAME_predict and the weights.
static Expected<llvm::SmallVector<char, 0>>
makeInterfaceObject(const CompiledStage &stage, StringRef name) {
  Expected<std::unique_ptr<llvm::TargetMachine>> target = createHostTarget(2);
  if (!target)
    return target.takeError();
  llvm::LLVMContext context;
  llvm::Module module("interface", context);
  module.setTargetTriple((*target)->getTargetTriple());
  module.setDataLayout((*target)->createDataLayout());
  InterfaceBuilder(module, stage).build(name);
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  llvm::legacy::PassManager passes;
  if ((*target)->addPassesToEmitFile(passes, os, nullptr,
                                     llvm::CodeGenFileType::ObjectFile))
    return makeError(ExitCode::Unsupported,
                     "this machine's target writes no object files");
  passes.run(module);
  return object;
}

/// Makes all names but \p name invisible, so that several networks can be
/// linked into one program.
static Error hideOtherNames(StringRef path, StringRef name,
                            llvm::SmallVectorImpl<char> &result) {
  auto object = llvm::object::ObjectFile::createObjectFile(path);
  if (!object)
    return object.takeError();
  llvm::objcopy::ConfigManager config;
  config.Common.InputFilename = config.Common.OutputFilename = path;
  Expected<llvm::objcopy::NameOrPattern> pattern =
      llvm::objcopy::NameOrPattern::create(name,
                                           llvm::objcopy::MatchStyle::Literal,
                                           [](Error error) { return error; });
  if (!pattern)
    return pattern.takeError();
  if (Error error =
          config.Common.SymbolsToKeepGlobal.addMatcher(std::move(pattern)))
    return error;
  llvm::raw_svector_ostream os(result);
  return llvm::objcopy::executeObjcopyOnBinary(config, *object->getBinary(),
                                               os);
}

/// Links \p objects into one relocatable object that defines \p name alone.
static Expected<llvm::SmallVector<char, 0>>
mergeObjects(ArrayRef<ArrayRef<char>> objects, StringRef name) {
  std::vector<TemporaryFile> files;
  for (size_t i = 0; i <= objects.size(); ++i) {
    Expected<TemporaryFile> file = TemporaryFile::create();
    if (!file)
      return file.takeError();
    files.push_back(std::move(*file));
    if (Error error =
            files.back().write(i == 0 ? ArrayRef<char>() : objects[i - 1]))
      return std::move(error);
  }
  llvm::SmallVector<StringRef> arguments{"-r", "-nostdlib", "-o"};
  for (const TemporaryFile &file : files)
    arguments.push_back(file.getPath());
  if (Error error = runCompiler(arguments))
    return std::move(error);
  llvm::SmallVector<char, 0> merged;
  if (Error error = hideOtherNames(files.front().getPath(), name, merged))
    return std::move(error);
  return merged;
}

static ArrayRef<uint8_t> toBytes(ArrayRef<char> chars) {
  return {reinterpret_cast<const uint8_t *>(chars.data()), chars.size()};
}

static Error writeSharedLibrary(ArrayRef<char> object, StringRef path) {
  Expected<TemporaryFile> in = TemporaryFile::create();
  if (!in)
    return in.takeError();
  if (Error error = in->write(object))
    return error;
  Expected<TemporaryFile> out = TemporaryFile::create();
  if (!out)
    return out.takeError();
  // The vector mathematics that code may call comes with -lm.
  if (Error error =
          runCompiler({"-shared", "-o", out->getPath(), in->getPath(),
                       "-Wl,--as-needed", "-Wl,--no-undefined", "-lm"}))
    return error;
  Expected<MappedFile::Ref> library = MappedFile::open(out->getPath());
  if (!library)
    return library.takeError();
  return writeFileAtomically(path, {(*library)->bytes()});
}

Error mlmodel::writeNetworkBinary(const CompiledNetwork &network,
                                  StringRef name, StringRef path) {
  Expected<llvm::SmallVector<char, 0>> interface =
      makeInterfaceObject(*network.stage, name);
  if (!interface)
    return interface.takeError();
  std::vector<ArrayRef<char>> objects = network.stage->objects;
  objects.push_back(*interface);
  Expected<llvm::SmallVector<char, 0>> merged =
      mergeObjects(objects, (name + "_predict").str());
  if (!merged)
    return merged.takeError();
  if (llvm::sys::path::extension(path) == ".so")
    return writeSharedLibrary(*merged, path);
  return writeFileAtomically(path, {toBytes(*merged)});
}
