// Rules for tests.

// Hides the class of this name that comes with the project.
func.func @negated(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["Swish"]} {
  %y = mlmodel.activation <"negated" -> "negated">(%x)
      {linear = {alpha = -1.0 : f32}} : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// Outputs that are inputs or other outputs.
func.func @copies(%a: tensor<*xf32>, %b: tensor<*xf32>)
    -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
    attributes {mlmodel.classes = ["Copies"]} {
  %sum = mlmodel.add <"sum" -> "sum">(%a, %b)
      : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %sum, %sum, %a : tensor<*xf32>, tensor<*xf32>, tensor<*xf32>
}

// Chosen by a parameter that is text.
func.func @power_of_two(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["Power"], mlmodel.where = {base = "two"}} {
  %y = mlmodel.exp2 <"power" -> "power">(%x) : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
func.func @power_of_e(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["Power"], mlmodel.where = {base = "e"}} {
  %y = mlmodel.unary <"power" -> "power">(%x) {kind = "EXP"} : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// Never ends.
func.func private @again(%x: tensor<*xf32>) -> tensor<*xf32> {
  %y = call @again(%x) : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
func.func @endless(%x: tensor<*xf32>) -> tensor<*xf32>
    attributes {mlmodel.classes = ["Endless"]} {
  %y = call @again(%x) : (tensor<*xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
