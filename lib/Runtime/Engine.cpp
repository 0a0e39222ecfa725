//===- Engine.cpp - Compile and run a network in this process ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/Engine.h"
#include "HostTarget.h"
#include "mlir/Dialect/Arith/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/AllocationOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "llvm/Target/TargetMachine.h"

#include <cstring>

using namespace mlir;
using llvm::Error;

void mlmodel::registerCodeGenInterfaces(DialectRegistry &registry) {
  arith::registerBufferDeallocationOpInterfaceExternalModels(registry);
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  cf::registerBufferDeallocationOpInterfaceExternalModels(registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerSubsetOpInterfaceExternalModels(registry);
  memref::registerAllocationOpInterfaceExternalModels(registry);
  scf::registerBufferDeallocationOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

template <typename... Args>
static Error makeError(const char *format, Args... args) {
  return llvm::createStringError(std::errc::invalid_argument, format, args...);
}

static std::string formatShape(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '[';
  llvm::interleave(
      shape, stream,
      [&](int64_t size) {
        if (ShapedType::isDynamic(size))
          stream << '?';
        else
          stream << size;
      },
      ", ");
  stream << ']';
  return text;
}

/// The number of elements, -1 if a size is negative or the product overflows.
static int64_t countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return -1;
  return count;
}

int64_t mlmodel::FloatTensor::numElements() const {
  return countElements(sizes);
}

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

mlmodel::Engine::Engine() = default;
mlmodel::Engine::~Engine() = default;

/// Runs a pipeline and turns its errors into one llvm::Error.
static Error runPipeline(ModuleOp module,
                         llvm::function_ref<void(OpPassManager &)> build) {
  std::string messages;
  ScopedDiagnosticHandler handler(
      module.getContext(), [&](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
          return failure();
        llvm::raw_string_ostream stream(messages);
        if (!messages.empty())
          stream << '\n';
        if (!isa<UnknownLoc>(diagnostic.getLocation()))
          stream << diagnostic.getLocation() << ": ";
        stream << diagnostic;
        return success();
      });
  PassManager pm(module.getContext());
  build(pm);
  if (succeeded(pm.run(module)))
    return Error::success();
  return makeError("%s",
                   messages.empty() ? "compilation failed" : messages.c_str());
}

static llvm::Expected<std::vector<std::vector<int64_t>>>
readShapes(TypeRange types, const char *what) {
  std::vector<std::vector<int64_t>> shapes;
  for (auto [i, type] : llvm::enumerate(types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.getElementType().isF32())
      return makeError("%s %zu of @main is no ranked float32 tensor", what,
                       size_t(i));
    shapes.emplace_back(tensor.getShape().vec());
  }
  return shapes;
}

Error mlmodel::Engine::readInterface(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return makeError("the module has no function @main");
  auto in = readShapes(main.getArgumentTypes(), "argument");
  if (!in)
    return in.takeError();
  auto out = readShapes(main.getResultTypes(), "result");
  if (!out)
    return out.takeError();
  inputShapes = std::move(*in);
  outputShapes = std::move(*out);
  return Error::success();
}

/// The bytes of a constant, where they lie.
static ArrayRef<char> getBytes(ElementsAttr value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return resource.getRawHandle().getBlob()->getData();
  return cast<DenseElementsAttr>(value).getRawData();
}

/// Whether loads may be unaligned for the processor.
static constexpr bool kUnalignedLoadsWork =
#if defined(__x86_64__) || defined(__aarch64__)
    true;
#else
    false;
#endif

Error mlmodel::Engine::bindWeights(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto value = main.getArgAttrOfType<ElementsAttr>(i, kWeightAttrName);
    if (!value)
      continue;
    ArrayRef<char> bytes = getBytes(value);
    auto type = cast<MemRefType>(main.getArgument(i).getType());
    uint64_t width = type.getElementTypeBitWidth() / 8;
    if (bytes.size() != uint64_t(type.getNumElements()) * width)
      return makeError("a weight has %zu bytes, but its type needs %zu",
                       bytes.size(), size_t(type.getNumElements() * width));
    const char *data = bytes.data();
    if (!kUnalignedLoadsWork && reinterpret_cast<uintptr_t>(data) % width) {
      alignedCopies.emplace_back(bytes.begin(), bytes.end());
      data = alignedCopies.back().data();
    }
    weights.push_back({data, type.getShape().vec()});
    // What is left of the module is translated; LLVM knows no such attribute.
    main.removeArgAttr(i, kWeightAttrName);
  }
  main->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                UnitAttr::get(module.getContext()));
  return Error::success();
}

static void registerHostFunctions(ExecutionEngine &jit,
                                  ArrayRef<mlmodel::HostFunction> functions) {
  jit.registerSymbols([&](llvm::orc::MangleAndInterner mangle) {
    llvm::orc::SymbolMap symbols;
    for (const mlmodel::HostFunction &function : functions)
      symbols[mangle(function.name)] = {
          llvm::orc::ExecutorAddr::fromPtr(function.address),
          llvm::JITSymbolFlags::Exported};
    return symbols;
  });
}

Error mlmodel::Engine::compile(ModuleOp module, const EngineOptions &options) {
  auto target = createHostTarget(options.optLevel);
  if (!target)
    return target.takeError();
  llvm::TargetMachine *machine = target->get();
  auto optimize = [&](llvm::Module *llvmModule) {
    return optimizeForHost(*llvmModule, options.optLevel, *machine);
  };
  ExecutionEngineOptions jitOptions;
  jitOptions.transformer = optimize;
  jitOptions.jitCodeGenOptLevel = machine->getOptLevel();
  jitOptions.enableGDBNotificationListener = false;
  jitOptions.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(module, jitOptions, std::move(*target));
  if (!engine)
    return engine.takeError();
  jit = std::move(*engine);
  registerHostFunctions(*jit, options.hostFunctions);
  hostData = options.hostData;
  jit->initialize();
  auto symbol = jit->lookupPacked("_mlir_ciface_main");
  if (!symbol)
    return symbol.takeError();
  entry = *symbol;
  return Error::success();
}

llvm::Expected<std::unique_ptr<mlmodel::Engine>>
mlmodel::Engine::create(ModuleOp module, const EngineOptions &options) {
  DialectRegistry registry;
  registerCodeGenInterfaces(registry);
  module.getContext()->appendDialectRegistry(registry);

  OwningOpRef<ModuleOp> clone(module.clone());
  std::unique_ptr<Engine> engine(new Engine());
  if (Error error = engine->readInterface(*clone))
    return error;
  CodeGenOptions codegen = options.codegen;
  if (codegen.lanes != 0)
    setHostRegisters(codegen);
  if (Error error = runPipeline(*clone, [&](OpPassManager &pm) {
        buildTensorPipeline(pm, codegen);
      }))
    return error;
  if (Error error = engine->bindWeights(*clone))
    return error;
  if (Error error = runPipeline(*clone, [&](OpPassManager &pm) {
        buildBufferPipeline(pm, codegen);
      }))
    return error;
  if (Error error = engine->compile(*clone, options))
    return error;
  return engine;
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

/// A host function may run another engine: runs of a thread form a stack.
static thread_local mlmodel::EngineRun *currentRun = nullptr;

mlmodel::EngineRun::EngineRun(const void *data)
    : data(data), outer(currentRun) {
  currentRun = this;
}

mlmodel::EngineRun::~EngineRun() {
  currentRun = outer;
  llvm::consumeError(std::move(error));
}

mlmodel::EngineRun &mlmodel::EngineRun::current() {
  assert(currentRun && "not called from compiled code");
  return *currentRun;
}

void mlmodel::EngineRun::fail(Error next) {
  if (error)
    llvm::consumeError(std::move(next));
  else
    error = std::move(next);
}

namespace {

/// MLIR's memref descriptor, whose length depends on the rank: allocated and
/// aligned pointer, offset, sizes, strides. Every field has 8 bytes.
class Descriptor {
public:
  explicit Descriptor(size_t rank) : rank(rank), fields(3 + 2 * rank) {}

  Descriptor(const void *data, ArrayRef<int64_t> shape)
      : Descriptor(shape.size()) {
    fields[0] = fields[1] = int64_t(reinterpret_cast<intptr_t>(data));
    int64_t stride = 1;
    for (size_t i = rank; i-- > 0;) {
      fields[3 + i] = shape[i];
      fields[3 + rank + i] = stride;
      stride *= shape[i];
    }
  }

  static size_t getNumFields(size_t rank) { return 3 + 2 * rank; }
  int64_t *data() { return fields.data(); }

private:
  size_t rank;
  std::vector<int64_t> fields;
};

} // namespace

/// Takes a result out of the descriptor that compiled code has filled.
static mlmodel::FloatTensor takeResult(const int64_t *fields, size_t rank) {
  auto *allocated = reinterpret_cast<float *>(intptr_t(fields[0]));
  auto *values =
      reinterpret_cast<const float *>(intptr_t(fields[1])) + fields[2];
  mlmodel::FloatTensor tensor(
      allocated, std::vector<int64_t>(fields + 3, fields + 3 + rank));
  // Compiled code aligns its buffers within what malloc gave; a tensor starts
  // where its allocation does.
  if (values != allocated)
    std::memmove(allocated, values, tensor.numElements() * sizeof(float));
  return tensor;
}

Error mlmodel::Engine::checkInputs(llvm::ArrayRef<TensorView> inputs) const {
  if (inputs.size() != inputShapes.size())
    return makeError("the network has %zu inputs, but %zu were given",
                     inputShapes.size(), inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    ArrayRef<int64_t> want = inputShapes[i], have = inputs[i].shape;
    bool fits = want.size() == have.size() && countElements(have) >= 0;
    for (size_t k = 0; fits && k < want.size(); ++k)
      fits = ShapedType::isDynamic(want[k]) || want[k] == have[k];
    if (!fits)
      return makeError("input %zu must have shape %s, but has %s", i,
                       formatShape(want).c_str(), formatShape(have).c_str());
  }
  return Error::success();
}

/// Makes `tensor` have the given static shape.
static Error prepareOutput(mlmodel::FloatTensor &tensor,
                           ArrayRef<int64_t> shape) {
  if (tensor.data() && tensor.shape() == shape)
    return Error::success();
  int64_t count = countElements(shape);
  // Cache lines, and room for one element so that nothing is null.
  uint64_t bytes = llvm::alignTo(std::max<int64_t>(count, 1) * 4, 64);
  void *data = count < 0 || count > (int64_t(1) << 56)
                   ? nullptr
                   : std::aligned_alloc(64, bytes);
  if (!data)
    return makeError("no memory for an output of shape %s",
                     formatShape(shape).c_str());
  tensor = mlmodel::FloatTensor(static_cast<float *>(data), shape.vec());
  return Error::success();
}

Error mlmodel::Engine::run(llvm::ArrayRef<TensorView> inputs,
                           std::vector<FloatTensor> &outputs) const {
  if (Error error = checkInputs(inputs))
    return error;
  outputs.resize(outputShapes.size());

  // The order is that of @main's arguments.
  std::vector<Descriptor> descriptors;
  for (const TensorView &input : inputs)
    descriptors.emplace_back(input.data, input.shape);
  size_t resultFields = 0;
  for (auto [output, shape] : llvm::zip(outputs, outputShapes)) {
    if (ShapedType::isDynamicShape(shape)) {
      resultFields += Descriptor::getNumFields(shape.size());
      continue;
    }
    if (Error error = prepareOutput(output, shape))
      return error;
    descriptors.emplace_back(output.data(), shape);
  }
  for (const Weight &weight : weights)
    descriptors.emplace_back(weight.data, weight.shape);

  std::vector<int64_t> results(resultFields);
  std::vector<void *> pointers;
  if (resultFields != 0)
    pointers.push_back(results.data());
  for (Descriptor &descriptor : descriptors)
    pointers.push_back(descriptor.data());
  std::vector<void *> arguments;
  for (void *&pointer : pointers)
    arguments.push_back(&pointer);
  EngineRun run(hostData);
  entry(arguments.data());

  const int64_t *fields = results.data();
  for (auto [output, shape] : llvm::zip(outputs, outputShapes)) {
    if (!ShapedType::isDynamicShape(shape))
      continue;
    output = takeResult(fields, shape.size());
    fields += Descriptor::getNumFields(shape.size());
  }
  return std::move(run.error);
}
