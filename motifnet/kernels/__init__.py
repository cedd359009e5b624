"""Hot loops. The place of what is compiled is chosen here, before the first module imports numba."""

from motifnet.caches import prepare_kernel_cache

prepare_kernel_cache()
