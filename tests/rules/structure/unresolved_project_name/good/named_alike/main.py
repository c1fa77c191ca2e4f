from common import const
from channel.chat.client import const as again
