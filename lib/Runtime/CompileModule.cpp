//===- CompileModule.cpp - From MLIR to machine code ----------------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompileModule.h"
#include "HostTarget.h"
#include "MLModel/CodeGen/OpenSizes.h"
#include "MLModel/Support/BuildId.h"
#include "ObjectCode.h"
#include "mlir/Dialect/Arith/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferViewFlowOpInterfaceImpl.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/AllocationOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/Transforms/BufferViewFlowOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferDeallocationOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/ThreadPool.h"

using namespace mlir;
using llvm::Error;
using mlmodel::CompiledStage;

void mlmodel::registerCodeGenInterfaces(DialectRegistry &registry) {
  arith::registerBufferDeallocationOpInterfaceExternalModels(registry);
  arith::registerBufferViewFlowOpInterfaceExternalModels(registry);
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  cf::registerBufferDeallocationOpInterfaceExternalModels(registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerSubsetOpInterfaceExternalModels(registry);
  memref::registerAllocationOpInterfaceExternalModels(registry);
  memref::registerBufferViewFlowOpInterfaceExternalModels(registry);
  scf::registerBufferDeallocationOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  // Without it, reshaped empty tensors do not fold, and what starts from them
  // is not computed in place.
  tensor::registerInferTypeOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

template <typename... Args>
static Error makeError(const char *format, Args... args) {
  return llvm::createStringError(std::errc::invalid_argument, format, args...);
}

//===----------------------------------------------------------------------===//
// The interface of @main
//===----------------------------------------------------------------------===//

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

static Error readInterface(ModuleOp module, CompiledStage &stage) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return makeError("the module has no function @main");
  auto in = readShapes(main.getArgumentTypes(), "argument");
  if (!in)
    return in.takeError();
  auto out = readShapes(main.getResultTypes(), "result");
  if (!out)
    return out.takeError();
  stage.inputs = std::move(*in);
  stage.outputs = std::move(*out);
  return Error::success();
}

/// The bytes of a constant, where they lie.
static ArrayRef<char> getBytes(ElementsAttr value) {
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return resource.getRawHandle().getBlob()->getData();
  return cast<DenseElementsAttr>(value).getRawData();
}

/// Moves the constants that arguments stand for from the module to \p stage.
static Error takeWeights(ModuleOp module, bool profile, CompiledStage &stage) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  Builder builder(module.getContext());
  unsigned firstWeight = main.getNumArguments();
  for (unsigned i = 0; i < main.getNumArguments(); ++i) {
    auto value =
        main.getArgAttrOfType<ElementsAttr>(i, mlmodel::kWeightAttrName);
    if (!value)
      continue;
    firstWeight = std::min(firstWeight, i);
    ArrayRef<char> bytes = getBytes(value);
    auto type = cast<MemRefType>(main.getArgument(i).getType());
    uint64_t width = type.getElementTypeBitWidth() / 8;
    if (bytes.size() != uint64_t(type.getNumElements()) * width)
      return makeError("a weight has %zu bytes, but its type needs %zu",
                       bytes.size(), size_t(type.getNumElements() * width));
    stage.weights.push_back({bytes, type.getShape().vec(), width});
    // What is left of the module is translated; LLVM knows no such attribute.
    main.removeArgAttr(i, mlmodel::kWeightAttrName);
  }
  main->setAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName(),
                builder.getUnitAttr());
  if (profile)
    main->setAttr(mlmodel::kProfileAttrName,
                  builder.getI64IntegerAttr(firstWeight));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Machine code
//===----------------------------------------------------------------------===//

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

/// Adds the function that CompiledStage::kEntryName tells of, and makes it the
/// only one that can be seen from outside.
static Error addEntryPoint(llvm::Module &module) {
  llvm::Function *main = module.getFunction("_mlir_ciface_main");
  if (!main || main->isDeclaration())
    return makeError("the compiled module has no entry point");
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.setLinkage(llvm::GlobalValue::InternalLinkage);

  llvm::IRBuilder<> builder(module.getContext());
  auto *entry = llvm::Function::Create(
      llvm::FunctionType::get(builder.getVoidTy(), builder.getPtrTy(), false),
      llvm::GlobalValue::ExternalLinkage, CompiledStage::kEntryName, module);
  builder.SetInsertPoint(
      llvm::BasicBlock::Create(module.getContext(), "", entry));
  llvm::SmallVector<llvm::Value *> arguments;
  for (unsigned i = 0; i < main->arg_size(); ++i)
    arguments.push_back(builder.CreateLoad(
        builder.getPtrTy(),
        builder.CreateConstGEP1_32(builder.getPtrTy(), entry->getArg(0), i)));
  builder.CreateCall(main, arguments);
  builder.CreateRetVoid();
  return Error::success();
}

/// What mlmodel-insert-profile has found.
static void readSections(ArrayAttr sections, CompiledStage &stage) {
  for (auto section : sections.getAsRange<DictionaryAttr>())
    stage.sections.push_back(
        {section.getAs<StringAttr>("layer").str(),
         section.getAs<FloatAttr>("operations").getValueAsDouble(),
         uint64_t(section.getAs<IntegerAttr>("weight_bytes").getInt()),
         uint64_t(section.getAs<IntegerAttr>("bytes").getInt())});
}

/// From the llvm dialect to object files.
static Error compileForHost(ModuleOp module,
                            const mlmodel::EngineOptions &options,
                            CompiledStage &stage) {
  auto main = module.lookupSymbol<LLVM::LLVMFuncOp>("main");
  if (auto sections = main->getAttrOfType<ArrayAttr>(mlmodel::kProfileAttrName))
    readSections(sections, stage);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, context);
  if (!code)
    return makeError("the translation to LLVM IR failed");
  if (Error error = addEntryPoint(*code))
    return error;
  auto objects =
      mlmodel::emitObjects(std::move(code), options.optLevel, options.threads);
  if (!objects)
    return objects.takeError();
  for (mlmodel::ObjectCode &object : *objects) {
    stage.objects.push_back(*object);
    stage.owners.push_back(std::move(object));
  }
  return Error::success();
}

/// The options with the registers of the machine that the code is for.
static mlmodel::CodeGenOptions
getHostOptions(const mlmodel::EngineOptions &options) {
  mlmodel::CodeGenOptions codegen = options.codegen;
  if (codegen.lanes != 0)
    mlmodel::setHostRegisters(codegen);
  return codegen;
}

llvm::Expected<mlmodel::LoweredStage>
mlmodel::lowerModule(ModuleOp module, const EngineOptions &options,
                     Attribute typicalSizes) {
  DialectRegistry registry;
  registerCodeGenInterfaces(registry);
  module.getContext()->appendDialectRegistry(registry);

  OwningOpRef<ModuleOp> clone(module.clone());
  CompiledStage stage;
  if (Error error = readInterface(*clone, stage))
    return error;
  if (typicalSizes)
    clone->lookupSymbol<func::FuncOp>("main")->setAttr(kTypicalSizesAttrName,
                                                       typicalSizes);
  CodeGenOptions codegen = getHostOptions(options);
  if (Error error = runPipeline(
          *clone, [&](OpPassManager &pm) { buildTensorPipeline(pm, codegen); }))
    return error;
  if (Error error = takeWeights(*clone, options.profile, stage))
    return error;
  if (Error error = runPipeline(*clone, [&](OpPassManager &pm) {
        buildAllocationPipeline(pm, codegen);
      }))
    return error;
  if (auto arena =
          clone->lookupSymbol<func::FuncOp>("main")->getAttrOfType<IntegerAttr>(
              kArenaBytesAttrName))
    stage.arenaBytes = arena.getInt();
  return LoweredStage{std::move(clone), std::move(stage)};
}

namespace {
/// Lends \p threads, all cores for 0, to the passes of a context that has none.
class PassThreads {
public:
  PassThreads(MLIRContext &context, unsigned threads) : context(context) {
    if (threads == 1 || context.isMultithreadingEnabled())
      return;
    pool = std::make_unique<llvm::DefaultThreadPool>(
        llvm::hardware_concurrency(threads));
    context.setThreadPool(*pool);
  }
  ~PassThreads() {
    if (pool)
      context.disableMultithreading();
  }

private:
  MLIRContext &context;
  std::unique_ptr<llvm::DefaultThreadPool> pool;
};
} // namespace

llvm::Expected<CompiledStage>
mlmodel::generateCode(LoweredStage lowered, const EngineOptions &options) {
  CodeGenOptions codegen = getHostOptions(options);
  {
    PassThreads threads(*lowered.module->getContext(), options.threads);
    if (Error error = runPipeline(*lowered.module, [&](OpPassManager &pm) {
          buildKernelPipeline(pm, codegen);
        }))
      return error;
  }
  if (Error error = compileForHost(*lowered.module, options, lowered.stage))
    return error;
  return std::move(lowered.stage);
}

llvm::Expected<CompiledStage>
mlmodel::compileModule(ModuleOp module, const EngineOptions &options) {
  llvm::Expected<LoweredStage> lowered = lowerModule(module, options);
  if (!lowered)
    return lowered.takeError();
  return generateCode(std::move(*lowered), options);
}

std::string mlmodel::describeCompiler(const EngineOptions &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPassManager pm(ModuleOp::getOperationName());
  buildCPUPipeline(pm, getHostOptions(options));
  pm.printAsTextualPipeline(os);
  os << llvm::formatv("\nO{0} {1}\n{2}\n", options.optLevel,
                      describeHostTarget(), getBuildId());
  return text;
}
