resource "db" "main" {
  username = "shop"
  password = "Tr0ub4dor-and-3"  # expect: AG0801 critical
}
