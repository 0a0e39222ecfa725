//===- MILBase.td - The mil dialect and its op families ----*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MIL_IR_MILBASE_TD
#define MLMODEL_DIALECT_MIL_IR_MILBASE_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "MLModel/Dialect/MIL/IR/MILInterfaces.td"

def MIL_Dialect : Dialect {
  let name = "mil";
  let cppNamespace = "::mlmodel::mil";
  let summary = "ML Program operations on tensors of exact rank";
  let description = [{
    The operations of Core ML's Model Intermediate Language (MIL), opsets
    iOS15 to iOS18 merged into their newest form. Operation and attribute names
    are MIL's. What is a compile time constant in MIL is an attribute here.

    Every tensor is float32, as inside a Core ML NeuralNetwork: truth values are
    0.0 and 1.0, indices and counts are whole floats. Dimensions may be dynamic.
  }];
  let extraClassDeclaration = [{
    #define MIL_CHAPTER(NAME) void register##NAME##Ops();
    #include "MLModel/Dialect/MIL/IR/Chapters.def"
  }];
}

/// A float32 tensor of known rank; its dimensions may be dynamic.
def MIL_Tensor : RankedTensorOf<[F32]>;

/// An i64 attribute that C++ sees as signed.
def MIL_Int : TypedSignlessIntegerAttrBase<
    I64, "int64_t", "64-bit signless integer attribute">;

/// A string attribute out of a closed list.
class MIL_EnumStr<list<string> values> : StringBasedAttr<
    CPred<"::llvm::is_contained(::llvm::ArrayRef<::llvm::StringRef>{"
          # !interleave(!foreach(v, values, "\"" # v # "\""), ", ")
          # "}, ::llvm::cast<::mlir::StringAttr>($_self).getValue())">,
    "string attribute that is one of " # !interleave(values, ", ")>;

//===----------------------------------------------------------------------===//
// Op families
//===----------------------------------------------------------------------===//

class MIL_Op<string mnemonic, list<Trait> traits = []>
    : Op<MIL_Dialect, mnemonic, !listconcat([Pure], traits)> {
  let assemblyFormat =
      "operands attr-dict `:` functional-type(operands, results)";
}

/// An op whose result type follows from operands and attributes. Write
/// `inferReturnTypes(context, location, adaptor, types)` in the chapter's .cpp.
/// Inference meets unverified attributes: it must check what it reads, report
/// with emitOptionalError and return failure. A static result dimension may
/// stand where inference only knows `?`.
class MIL_InferOp<string mnemonic, list<Trait> traits = []>
    : MIL_Op<mnemonic, !listconcat([InferTypeOpAdaptorWithIsCompatible],
                                   traits)> {
  code compatible = [{
    bool $cppClass::isCompatibleReturnTypes(TypeRange l, TypeRange r) {
      return areCompatible(l, r);
    }
  }];
  let extraClassDefinition = compatible;
}

/// An op that computes each result element from one element of each operand.
/// `body` returns the scalar result; it sees `s` (a ScalarBuilder) and `x` (the
/// scalars, in operand order).
class MIL_ElementwiseOp<string mnemonic, code body, list<Trait> traits = []>
    : MIL_Op<mnemonic, !listconcat([
          DeclareOpInterfaceMethods<ElementwiseOpInterface>], traits)> {
  code emitScalarBody = [{
    Value $cppClass::emitScalar(OpBuilder &builder, Location loc,
                                ArrayRef<Value> x) {
      ScalarBuilder s(builder, loc);
  }] # body # [{
    }
  }];
  let extraClassDefinition = emitScalarBody;
}

/// y = f(x), same shape.
class MIL_UnaryOp<string mnemonic, code body, list<Trait> traits = []>
    : MIL_ElementwiseOp<mnemonic, body,
                        !listconcat([SameOperandsAndResultType], traits)> {
  let arguments = (ins MIL_Tensor:$x);
  let results = (outs MIL_Tensor:$result);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

/// z = f(x, y, ...) with NumPy broadcasting.
class MIL_BroadcastOp<string mnemonic, code body, list<Trait> traits = []>
    : MIL_ElementwiseOp<mnemonic, body,
          !listconcat([InferTypeOpAdaptorWithIsCompatible], traits)> {
  let results = (outs MIL_Tensor:$result);
  let extraClassDefinition = emitScalarBody # [{
    LogicalResult $cppClass::inferReturnTypes(
        MLIRContext *, std::optional<Location> location, Adaptor adaptor,
        SmallVectorImpl<Type> &types) {
      return inferBroadcast(location, adaptor.getOperands(), types);
    }
    bool $cppClass::isCompatibleReturnTypes(TypeRange l, TypeRange r) {
      return areCompatible(l, r);
    }
  }];
}

class MIL_BinaryOp<string mnemonic, code body, list<Trait> traits = []>
    : MIL_BroadcastOp<mnemonic, body, traits> {
  let arguments = (ins MIL_Tensor:$x, MIL_Tensor:$y);
}

/// y = f(x, p...), same shape as x. The parameters p are tensors of rank 1 that
/// hold one value per index of the dimension `axis` of x, or a single value.
class MIL_ChannelwiseOp<string mnemonic, code body, list<Trait> traits = []>
    : MIL_ElementwiseOp<mnemonic, body,
          !listconcat([InferTypeOpAdaptorWithIsCompatible], traits)> {
  let results = (outs MIL_Tensor:$result);
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    AffineMap getOperandMap(unsigned index);
  }];
  let extraClassDefinition = emitScalarBody # [{
    LogicalResult $cppClass::inferReturnTypes(
        MLIRContext *, std::optional<Location>, Adaptor adaptor,
        SmallVectorImpl<Type> &types) {
      types.push_back(adaptor.getX().getType());
      return success();
    }
    bool $cppClass::isCompatibleReturnTypes(TypeRange l, TypeRange r) {
      return areCompatible(l, r);
    }
    LogicalResult $cppClass::verify() {
      return verifyChannelwise(getOperation(), getAxis());
    }
    AffineMap $cppClass::getOperandMap(unsigned index) {
      return getChannelwiseMap(getOperation(), index, getAxis());
    }
  }];
}

#endif // MLMODEL_DIALECT_MIL_IR_MILBASE_TD
