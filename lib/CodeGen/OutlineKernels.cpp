//===- OutlineKernels.cpp - A function for each loop nest -----------------===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's work on a function grows faster than the function: all layers of a
// network in one take minutes. As functions of their own they take seconds, and
// the same layer with other weights, which networks are full of, takes none.
//
//===----------------------------------------------------------------------===//

#include "MLModel/CodeGen/Passes.h"
#include "OpenArguments.h"
#include "Reduction.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlmodel {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "MLModel/CodeGen/Passes.h.inc"
} // namespace mlmodel

using namespace mlir;

namespace {

/// Operations that go into one kernel, and what it takes as arguments.
struct Kernel {
  SmallVector<Operation *> ops;
  llvm::SetVector<Value> arguments;
  SmallVector<Operation *> constants;
  /// What is passed: the arguments and the numbers of those of open size.
  mlmodel::OpenArguments passed;
};

} // namespace

/// Whether \p type is passed as one pointer, or as a scalar.
static bool isPlainArgument(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref)
    return type.isIntOrIndexOrFloat();
  auto [strides, offset] = memref.getStridesAndOffset();
  return memref.hasStaticShape() && !ShapedType::isDynamic(offset) &&
         llvm::none_of(strides, ShapedType::isDynamic);
}

/// Collects what \p kernel needs from outside; false if it cannot be passed.
static bool collectArguments(Kernel &kernel) {
  auto collect = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (op && op->hasTrait<OpTrait::ConstantLike>()) {
      if (!llvm::is_contained(kernel.constants, op))
        kernel.constants.push_back(op);
      return;
    }
    kernel.arguments.insert(value);
  };
  for (Operation *op : kernel.ops) {
    llvm::for_each(op->getOperands(), collect);
    llvm::SetVector<Value> captured;
    getUsedValuesDefinedAbove(op->getRegions(), captured);
    llvm::for_each(captured, collect);
  }
  return llvm::all_of(kernel.arguments, [](Value value) {
    return isPlainArgument(value.getType()) ||
           mlmodel::OpenArguments::canPass(value.getType());
  });
}

/// The buffer that \p value is a view of. Buffers in the arena that live at the
/// same time do not overlap.
static Value getRoot(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>()) {
    if (isa<memref::ViewOp>(view))
      break;
    value = view.getViewSource();
  }
  return value;
}

namespace {

struct OutlineKernels : mlmodel::impl::OutlineKernelsBase<OutlineKernels> {
  using OutlineKernelsBase::OutlineKernelsBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && !isKernel(function))
        functions.push_back(function);
    for (func::FuncOp function : functions) {
      generalizeCopies(function);
      for (Kernel &kernel : findKernels(function))
        outline(function, kernel);
      // What is left passes pointers on. As a function of its own it would take
      // every size and stride of every weight from its wrapper.
      if (function.isPublic())
        function->setAttr(
            "passthrough",
            Builder(&getContext()).getStrArrayAttr({"alwaysinline"}));
    }
  }

private:
  static bool isKernel(func::FuncOp function) {
    return function->hasAttr(mlmodel::kKernelAttrName);
  }

  /// Makes loop nests of copies between layouts, which would become calls into
  /// a runtime library.
  static void generalizeCopies(func::FuncOp function) {
    SmallVector<memref::CopyOp> copies;
    function.walk([&](memref::CopyOp copy) {
      auto source = dyn_cast<MemRefType>(copy.getSource().getType());
      auto target = dyn_cast<MemRefType>(copy.getTarget().getType());
      if (source && target &&
          !(source.getLayout().isIdentity() && target.getLayout().isIdentity()))
        copies.push_back(copy);
    });
    for (memref::CopyOp copy : copies) {
      OpBuilder builder(copy);
      linalg::makeMemRefCopyOp(builder, copy.getLoc(), copy.getSource(),
                               copy.getTarget());
      copy.erase();
    }
  }

  static std::vector<Kernel> findKernels(func::FuncOp function) {
    std::vector<Kernel> kernels;
    llvm::SmallPtrSet<Operation *, 16> taken;
    function.walk([&](linalg::LinalgOp op) {
      if (!op.hasPureBufferSemantics() || op.getNumReductionLoops() == 0)
        return;
      mlmodel::Reduction reduction = mlmodel::findReduction(op);
      Kernel kernel;
      for (linalg::LinalgOp part :
           {reduction.fill, reduction.op, reduction.epilogue})
        if (part)
          kernel.ops.push_back(part);
      taken.insert(kernel.ops.begin(), kernel.ops.end());
      kernels.push_back(std::move(kernel));
    });
    function.walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics() && taken.insert(op).second) {
        kernels.emplace_back();
        kernels.back().ops.push_back(op);
      }
    });
    return kernels;
  }

  void outline(func::FuncOp caller, Kernel &kernel) {
    if (!collectArguments(kernel))
      return;
    OpBuilder builder(kernel.ops.front());
    // What stands between the operations is allocations; the last one sees all.
    builder.setInsertionPoint(kernel.ops.back());
    for (Value argument : kernel.arguments)
      kernel.passed.add(builder, argument, isPlainArgument(argument.getType()));
    func::FuncOp function = createFunction(caller, kernel);
    std::string text = print(function);
    auto [known, isNew] = kernelsByText.try_emplace(text, function);
    if (!isNew) {
      function.erase();
      function = known->second;
    } else {
      function.setName("kernel_" + std::to_string(kernelsByText.size() - 1));
    }
    SmallVector<Location> locations;
    for (Operation *op : kernel.ops)
      locations.push_back(op->getLoc());
    func::CallOp::create(builder, builder.getFusedLoc(locations), function,
                         kernel.passed.getValues());
    for (Operation *op : llvm::reverse(kernel.ops))
      op->erase();
  }

  func::FuncOp createFunction(func::FuncOp caller, const Kernel &kernel) {
    OpBuilder builder(caller);
    Location loc = kernel.ops.back()->getLoc();
    SmallVector<Value> passed = kernel.passed.getValues();
    auto types = ValueRange(passed).getTypes();
    auto function = func::FuncOp::create(builder, loc, "kernel",
                                         builder.getFunctionType(types, {}));
    function.setPrivate();
    function->setAttr(mlmodel::kKernelAttrName, builder.getUnitAttr());
    function->setAttr("passthrough",
                      builder.getStrArrayAttr({"noinline", "nounwind"}));
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    IRMapping mapping;
    for (auto [argument, value] :
         llvm::zip(kernel.arguments,
                   kernel.passed.take(builder, entry->getArguments())))
      mapping.map(argument, value);
    for (Operation *constant : kernel.constants)
      builder.clone(*constant, mapping);
    for (Operation *op : kernel.ops)
      builder.clone(*op, mapping);
    func::ReturnOp::create(builder, loc);
    markNoAlias(function, kernel);
    return function;
  }

  /// Different buffers do not overlap; views of one may.
  static void markNoAlias(func::FuncOp function, const Kernel &kernel) {
    DenseMap<Value, int> views;
    for (Value argument : kernel.arguments)
      if (isa<MemRefType>(argument.getType()))
        ++views[getRoot(argument)];
    for (auto [i, argument] : llvm::enumerate(kernel.arguments))
      if (isa<MemRefType>(argument.getType()) && views[getRoot(argument)] == 1)
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                            UnitAttr::get(function.getContext()));
  }

  /// What tells kernels apart; locations do not.
  static std::string print(func::FuncOp function) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    function.print(stream, OpPrintingFlags().useLocalScope());
    return text;
  }

  llvm::StringMap<func::FuncOp> kernelsByText;
};

} // namespace
