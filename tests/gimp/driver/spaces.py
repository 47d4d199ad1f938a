"""The kinds of image in which every procedure is tried: name and GIMP's precision. Read by the tests, too."""

SPACES = {
    "rgb_u8": "U8_NON_LINEAR",
    "rgb_u8_linear": "U8_LINEAR",
    "rgb_u16": "U16_NON_LINEAR",
    "rgb_u16_linear": "U16_LINEAR",
    "rgb_u32": "U32_NON_LINEAR",
    "rgb_half_linear": "HALF_LINEAR",
    "rgb_float": "FLOAT_NON_LINEAR",
    "rgb_float_linear": "FLOAT_LINEAR",
    "rgb_double_linear": "DOUBLE_LINEAR",
    "gray_u8": "U8_NON_LINEAR",
    "gray_u16_linear": "U16_LINEAR",
    "gray_float": "FLOAT_NON_LINEAR",
    "indexed": "U8_NON_LINEAR",
}
