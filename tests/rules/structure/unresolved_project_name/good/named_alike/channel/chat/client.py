from common import const

print(const.WIDTH)
