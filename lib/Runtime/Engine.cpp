//===- Engine.cpp - Compile and run a network in this process ---*- C++ -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MLModel/Runtime/Engine.h"
#include "CompileModule.h"
#include "HostTarget.h"
#include "ThreadPool.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

#include <chrono>
#include <cstring>

using namespace mlir;
using llvm::Error;

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
// Loading
//===----------------------------------------------------------------------===//

mlmodel::Engine::Engine() = default;
mlmodel::Engine::~Engine() = default;

/// Whether loads may be unaligned for the processor.
static constexpr bool kUnalignedLoadsWork =
#if defined(__x86_64__) || defined(__aarch64__)
    true;
#else
    false;
#endif

void mlmodel::Engine::bindWeights() {
  for (const CompiledStage::Weight &weight : stage.weights) {
    const char *data = weight.bytes.data();
    if (!kUnalignedLoadsWork &&
        reinterpret_cast<uintptr_t>(data) % weight.width) {
      alignedCopies.emplace_back(weight.bytes.begin(), weight.bytes.end());
      data = alignedCopies.back().data();
    }
    weights.push_back(data);
  }
}

static Error defineHostFunctions(llvm::orc::LLJIT &jit,
                                 ArrayRef<mlmodel::HostFunction> functions) {
  llvm::orc::SymbolMap symbols;
  for (const mlmodel::HostFunction &function : functions)
    symbols[jit.mangleAndIntern(function.name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function.address),
        llvm::JITSymbolFlags::Exported};
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

namespace {
/// Measures the sections of one run: each takes the time since the last one
/// ended.
class SectionTimer {
public:
  explicit SectionTimer(llvm::MutableArrayRef<double> seconds)
      : seconds(seconds), outer(current), last(Clock::now()) {
    current = this;
  }
  ~SectionTimer() { current = outer; }

  /// What compiled code calls.
  static void endSection(int64_t index) {
    Clock::time_point now = Clock::now();
    current->seconds[index] +=
        std::chrono::duration<double>(now - current->last).count();
    current->last = Clock::now();
  }

private:
  using Clock = std::chrono::steady_clock;
  static thread_local SectionTimer *current;

  llvm::MutableArrayRef<double> seconds;
  SectionTimer *outer;
  Clock::time_point last;
};
thread_local SectionTimer *SectionTimer::current = nullptr;
} // namespace

/// What compiled code calls for a kernel that is worth several threads.
static void runRounds(mlmodel::ThreadPool::Body body, void *context,
                      int64_t rounds) {
  if (mlmodel::ThreadPool *pool = mlmodel::EngineRun::current().threads())
    return pool->run(body, context, rounds);
  body(context, 0, rounds);
}

Error mlmodel::Engine::link(const EngineOptions &options) {
  initializeHostTarget();
  llvm::orc::LLJITBuilder builder;
  // There are no constructors to run in what the compiler makes.
  builder.setPlatformSetUp(llvm::orc::setUpInactivePlatform);
  auto made = builder.create();
  if (!made)
    return made.takeError();
  jit = std::move(*made);
  std::vector<HostFunction> functions = options.hostFunctions;
  functions.push_back({kProfileHookName.str(),
                       reinterpret_cast<void *>(&SectionTimer::endSection)});
  functions.push_back(
      {kRunRoundsName.str(), reinterpret_cast<void *>(&runRounds)});
  if (Error error = defineHostFunctions(*jit, functions))
    return error;
  for (ArrayRef<char> object : stage.objects)
    if (Error error = jit->addObjectFile(llvm::MemoryBuffer::getMemBuffer(
            StringRef(object.data(), object.size()), "stage",
            /*RequiresNullTerminator=*/false)))
      return error;
  auto symbol = jit->lookup(CompiledStage::kEntryName);
  if (!symbol)
    return symbol.takeError();
  entry = symbol->toPtr<void(void **)>();
  return Error::success();
}

llvm::Expected<std::unique_ptr<mlmodel::Engine>>
mlmodel::Engine::load(CompiledStage stage, const EngineOptions &options) {
  std::unique_ptr<Engine> engine(new Engine());
  engine->stage = std::move(stage);
  engine->hostData = options.hostData;
  if (options.threads != 1)
    engine->pool = ThreadPool::getShared(options.threads);
  engine->seconds.assign(engine->stage.sections.size(), 0);
  engine->bindWeights();
  // Code for several sizes gets one when it is told the first.
  llvm::Expected<HugeBuffer> arena = engine->takeArena(
      engine->stage.numParameters == 0 ? engine->stage.arenaBytes : 0);
  if (!arena)
    return arena.takeError();
  engine->leaveArena(std::move(*arena));
  if (Error error = engine->link(options))
    return error;
  return engine;
}

llvm::Expected<std::unique_ptr<mlmodel::Engine>>
mlmodel::Engine::create(ModuleOp module, const EngineOptions &options) {
  llvm::Expected<CompiledStage> stage = compileModule(module, options);
  if (!stage)
    return stage.takeError();
  return load(std::move(*stage), options);
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

/// A host function may run another engine: runs of a thread form a stack.
static thread_local mlmodel::EngineRun *currentRun = nullptr;

mlmodel::EngineRun::EngineRun(const void *data, ThreadPool *pool)
    : data(data), pool(pool), outer(currentRun) {
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

Error mlmodel::Engine::checkInputs(
    llvm::ArrayRef<TensorView> inputs,
    llvm::ArrayRef<std::vector<int64_t>> shapes) const {
  if (inputs.size() != stage.inputs.size())
    return makeError("the network has %zu inputs, but %zu were given",
                     stage.inputs.size(), inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    ArrayRef<int64_t> want = shapes[i], have = inputs[i].shape;
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

/// One of at least \p bytes. A smaller one gives way to it, so that there are
/// never more than runs at the same time.
llvm::Expected<mlmodel::HugeBuffer>
mlmodel::Engine::takeArena(uint64_t bytes) const {
  {
    std::lock_guard<std::mutex> lock(arenaMutex);
    if (!arenas.empty()) {
      HugeBuffer arena = std::move(arenas.back());
      arenas.pop_back();
      if (arena.size() >= bytes)
        return arena;
    }
  }
  return HugeBuffer::allocate(bytes);
}

void mlmodel::Engine::leaveArena(HugeBuffer arena) const {
  std::lock_guard<std::mutex> lock(arenaMutex);
  arenas.push_back(std::move(arena));
}

Error mlmodel::Engine::run(llvm::ArrayRef<TensorView> inputs,
                           std::vector<FloatTensor> &outputs,
                           const CompiledStage::Sizes *sizes) const {
  assert((stage.numParameters == (sizes ? sizes->parameters.size() : 0)) &&
         "the code takes other parameters");
  if (Error error = checkInputs(inputs, sizes ? sizes->inputs : stage.inputs))
    return error;
  const std::vector<CompiledStage::Shape> &shapes =
      sizes ? sizes->outputs : stage.outputs;
  uint64_t arenaBytes = sizes ? sizes->arenaBytes : stage.arenaBytes;
  outputs.resize(shapes.size());

  // The order is that of @main's arguments.
  std::vector<Descriptor> descriptors;
  for (const TensorView &input : inputs)
    descriptors.emplace_back(input.data, input.shape);
  size_t resultFields = 0;
  for (auto [output, shape] : llvm::zip(outputs, shapes)) {
    if (ShapedType::isDynamicShape(shape)) {
      resultFields += Descriptor::getNumFields(shape.size());
      continue;
    }
    if (Error error = prepareOutput(output, shape))
      return error;
    descriptors.emplace_back(output.data(), shape);
  }
  for (auto [weight, data] : llvm::zip(stage.weights, weights))
    descriptors.emplace_back(data, weight.shape);
  // Where the shape of a table is open, the code has it from its parameters.
  if (sizes)
    for (const auto &[weight, bytes] : sizes->tables)
      descriptors[inputs.size() + shapes.size() + weight] =
          Descriptor(bytes.data(), stage.weights[weight].shape);
  llvm::Expected<HugeBuffer> arena = takeArena(arenaBytes);
  if (!arena)
    return arena.takeError();
  if (stage.arenaBytes != 0)
    descriptors.emplace_back(arena->data(), int64_t(arenaBytes));
  if (sizes)
    descriptors.emplace_back(sizes->parameters.data(),
                             int64_t(sizes->parameters.size()));

  std::vector<int64_t> results(resultFields);
  std::vector<void *> pointers;
  if (resultFields != 0)
    pointers.push_back(results.data());
  for (Descriptor &descriptor : descriptors)
    pointers.push_back(descriptor.data());
  EngineRun run(hostData, pool.get());
  SectionTimer timer(seconds);
  entry(pointers.data());
  leaveArena(std::move(*arena));

  const int64_t *fields = results.data();
  for (auto [output, shape] : llvm::zip(outputs, shapes)) {
    if (!ShapedType::isDynamicShape(shape))
      continue;
    output = takeResult(fields, shape.size());
    fields += Descriptor::getNumFields(shape.size());
  }
  return std::move(run.error);
}
