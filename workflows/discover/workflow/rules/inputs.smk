# The inputs, made ready: an indexed genome, and targets under the names of their tasks.


rule index_genome:
    input:
        genome=lambda wildcards: str(options.reading.genome),
    output:
        sizes="results/genome.sizes",
    log:
        "logs/index_genome.log",
    benchmark:
        "benchmarks/index_genome.tsv"
    conda:
        "../envs/motifnet.yaml"
    resources:
        mem_mb=1000,
        runtime=60,
    script:
        "../scripts/index_genome.py"


rule name_targets:
    input:
        peaks=peaks_of,
    output:
        targets="results/targets/{sample}/{task}{ending}",
    log:
        "logs/name_targets/{sample}/{task}{ending}.log",
    wildcard_constraints:
        ending=r"(\.[^/]+)?",
    localrule: True
    conda:
        "../envs/motifnet.yaml"
    shell:
        'ln -s "$(realpath {input.peaks:q})" {output.targets:q} 2> {log:q}'
