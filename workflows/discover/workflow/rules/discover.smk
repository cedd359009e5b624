# The main job: the motifs of one sample.


rule train:
    input:
        unpack(train_input),
    output:
        # All that a run folder holds, so that Snakemake clears it before the sample is run anew.
        # What is unfinished lies hidden beside it, and an interrupted sample goes on from there.
        report=report(
            "results/runs/{sample}/report.html",
            caption="../report/run.rst",
            category="Samples",
            labels={"sample": "{sample}"},
        ),
        motifs="results/runs/{sample}/motifs.meme",
        jaspar="results/runs/{sample}/motifs.jaspar",
        repeats="results/runs/{sample}/repeats.meme",
        table="results/runs/{sample}/motifs.tsv",
        companions="results/runs/{sample}/companions.tsv",
        matches="results/runs/{sample}/matches.tsv",
        sites_bed="results/runs/{sample}/sites.bed",
        sites="results/runs/{sample}/sites.tsv",
        logos=directory("results/runs/{sample}/logos"),
        metrics="results/runs/{sample}/metrics.json",
        model="results/runs/{sample}/model.pt",
        record="results/runs/{sample}/run.json",
    log:
        "logs/train/{sample}.log",
    benchmark:
        "benchmarks/train/{sample}.tsv"
    conda:
        "../envs/motifnet.yaml"
    threads: options.training.threads or workflow.cores
    resources:
        mem_mb=config["resources"]["mem_mb"],
        runtime=config["resources"]["runtime"],
        gpu=int(options.training.device.startswith("cuda")),
    params:
        run=subpath(output.record, parent=True),
        options=train_options,
    shell:
        "motifnet train {input.targets:q} --output {params.run:q} --resume --overwrite"
        " --threads {threads} {params.options:q} > {log:q} 2>&1"
