const apiKey: string = "q8Xw3Lk9Zr5Tn2Vb7Mc4"; // expect: AG0801 critical
export const settings = { token: 'q8Xw3Lk9Zr5Tn2Vb7Mc5', retries: 3 }; // expect: AG0801 critical
