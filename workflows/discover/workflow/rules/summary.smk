# Two tables over all samples: how well each task is predicted, and all motifs.


rule summarise:
    input:
        metrics=expand(rules.train.output.metrics, sample=names),
        motifs=expand(rules.train.output.table, sample=names),
    output:
        summary=report(
            "results/summary.tsv",
            caption="../report/summary.rst",
            category="Summary",
            labels={"table": "tasks"},
        ),
        motifs=report(
            "results/motifs.tsv",
            caption="../report/motifs.rst",
            category="Summary",
            labels={"table": "motifs"},
        ),
    log:
        "logs/summarise.log",
    benchmark:
        "benchmarks/summarise.tsv"
    conda:
        "../envs/motifnet.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        samples=names,
    script:
        "../scripts/summarise.py"
