//===- Attributes.td -----------------------------------*- tablegen -*-===//
//
// Part of the MLModel Project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attribute kinds shared by all layers. Each stands for one C++ field type of
// the format; the codec in lib/Translate maps field to attribute by that type.
//
//===----------------------------------------------------------------------===//

#ifndef MLMODEL_DIALECT_MLMODEL_IR_ATTRIBUTES_TD
#define MLMODEL_DIALECT_MLMODEL_IR_ATTRIBUTES_TD

include "MLModel/Dialect/MLModel/IR/Dialect.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"

class MLModel_Attr<string attrName, string attrMnemonic>
    : AttrDef<MLModel_Dialect, attrName> {
  let mnemonic = attrMnemonic;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

def MLModel_LinearQuantizationAttr
    : MLModel_Attr<"LinearQuantization", "linear"> {
  let summary = "w = scale * q + bias, per output channel or per tensor";
  let description = [{
    `bits` is the width of one stored value, 1 to 8. `scale` and `bias` hold one
    entry, or one per output channel; an empty `bias` means zero.
    Source: `LinearQuantizationParams` of the NeuralNetwork format.
  }];
  let parameters = (ins "int64_t":$bits, "::mlir::DenseF32ArrayAttr":$scale,
                        OptionalParameter<"::mlir::DenseF32ArrayAttr">:$bias);
  let assemblyFormat = [{
    `<` struct($bits, custom<Floats>($scale), custom<Floats>($bias)) `>`
  }];
}

def MLModel_LookupTableAttr : MLModel_Attr<"LookupTable", "lut"> {
  let summary = "w = table[q]";
  let description = [{
    `bits` is the width of one stored index, 1 to 8; `table` has 2^bits entries.
    Source: `LookUpTableQuantizationParams` of the NeuralNetwork format.
  }];
  let parameters = (ins "int64_t":$bits,
                        "::mlir::DenseF32ArrayAttr":$table);
  let assemblyFormat = "`<` struct($bits, custom<Floats>($table)) `>`";
}

def MLModel_NoQuantizationAttr
    : MLModel_Attr<"NoQuantization", "quantization"> {
  let summary = "quantization parameters of neither known kind";
  let description = [{
    Keeps a `QuantizationParams` message that sets a width but no method, so
    that it can be written back. Such weights never verify.
  }];
  let parameters = (ins "int64_t":$bits);
  let assemblyFormat = "`<` struct(params) `>`";
}

def MLModel_WeightsAttr : MLModel_Attr<"Weights", "weights"> {
  let summary = "weights as stored: a view of the file and its encoding";
  let description = [{
    `data` is one-dimensional and in most cases a resource that views the mapped
    file; nothing is copied or decoded before code generation. Its element type
    tells which field of `WeightParams` it is:

    | element type | field          | encoding                               |
    |--------------|----------------|----------------------------------------|
    | `f32`        | `floatValue`   | as is                                  |
    | `f16`        | `float16Value` | IEEE half, little endian               |
    | `ui8`        | `rawValue`     | `quantization`, n-bit values MSB first |
    | `si8`        | `int8RawValue` | `quantization`, signed bytes           |

    The n-bit values of `ui8` data form one bit stream of ceil(count * bits / 8)
    bytes. Payloads have no alignment: read them with `WeightsView`.
  }];
  let parameters = (ins
    "::mlir::ElementsAttr":$data,
    OptionalParameter<"::mlir::Attribute">:$quantization,
    OptionalParameter<"::mlir::BoolAttr">:$isUpdatable);
  let assemblyFormat = [{
    `<` $data (`updatable` `=` $isUpdatable^)? (`,` $quantization^)? `>`
  }];
}

//===----------------------------------------------------------------------===//
// Layer identity
//===----------------------------------------------------------------------===//

def MLModel_LayerAttr : MLModel_Attr<"Layer", "layer"> {
  let summary = "a layer's name and the names of the blobs it writes";
  let description = [{
    What `NeuralNetworkLayer` says of a layer beside its parameters. The names of
    the blobs it reads are those of its operands. `tensors` keeps the optional
    rank information (`inputTensor`, `outputTensor`), `isUpdatable` the flag and
    `unknown` the bytes of fields this version does not know.

    Printed as `<"conv_1" -> "blob_1">`.
  }];
  let parameters = (ins
    "::mlir::StringAttr":$name,
    ArrayRefParameter<"::mlir::StringAttr">:$outputs,
    OptionalParameter<"::mlir::DictionaryAttr">:$extra);
  let hasCustomAssemblyFormat = 1;
}

//===----------------------------------------------------------------------===//
// Field kinds
//===----------------------------------------------------------------------===//

// Every integer type of the format. Unsigned 64-bit values keep their bits;
// rules reject what comes out negative.
def MLModel_IntBase
    : TypedSignlessIntegerAttrBase<I64, "int64_t", "64-bit integer"> {
  let convertFromStorage = "$_self.getInt()";
}
def MLModel_Int : DefaultValuedOptionalAttr<MLModel_IntBase, "0">;
def MLModel_Ints : DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{}">;

def MLModel_FloatBase : FloatAttrBase<F32, "32-bit float"> {
  let returnType = "float";
  let convertFromStorage = "$_self.getValue().convertToFloat()";
}
def MLModel_Float : DefaultValuedOptionalAttr<MLModel_FloatBase, "0.0f">;
def MLModel_Floats : DefaultValuedOptionalAttr<DenseF32ArrayAttr, "{}">;

def MLModel_DoubleBase : FloatAttrBase<F64, "64-bit float"> {
  let returnType = "double";
  let convertFromStorage = "$_self.getValue().convertToDouble()";
}
def MLModel_Double : DefaultValuedOptionalAttr<MLModel_DoubleBase, "0.0">;

def MLModel_Bool : DefaultValuedOptionalAttr<BoolAttr, "false">;
def MLModel_Bools : DefaultValuedOptionalAttr<DenseBoolArrayAttr, "{}">;
def MLModel_String : DefaultValuedOptionalAttr<StrAttr, "\"\"">;
def MLModel_Strings : OptionalAttr<StrArrayAttr>;

// An enumeration, by the names of its values. The first value is the default.
class MLModel_EnumBase<list<string> values>
    : StringBasedAttr<CPred<!interleave(!foreach(v, values,
        "::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"" # v # "\""),
        " || ")>, "one of " # !interleave(values, ", ")>;
class MLModel_Enum<list<string> values, string default>
    : DefaultValuedOptionalAttr<MLModel_EnumBase<values>, "\"" # default # "\"">;

def MLModel_Weights : OptionalAttr<MLModel_WeightsAttr>;
// BorderAmounts: start and end of each axis in turn.
def MLModel_Borders : OptionalAttr<DenseI64ArrayAttr>;
// Any other message, its fields by name.
def MLModel_Message : OptionalAttr<DictionaryAttr>;
def MLModel_Messages : OptionalAttr<ArrayAttr>;
// A map in the file's order: an array of {key, value}.
def MLModel_Map : OptionalAttr<ArrayAttr>;

#endif // MLMODEL_DIALECT_MLMODEL_IR_ATTRIBUTES_TD
