# Logos of the significant motifs of a sample, in the formats asked for.


rule logos:
    input:
        motifs=rules.train.output.motifs,
    output:
        logos=report(
            directory("results/logos/{sample}"),
            patterns=["{motif}.svg"],
            caption="../report/logo.rst",
            category="Logos",
            subcategory="{sample}",
            labels={"motif": "{motif}"},
        ),
    log:
        "logs/logos/{sample}.log",
    benchmark:
        "benchmarks/logos/{sample}.tsv"
    conda:
        "../envs/motifnet.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        formats=[word for name in config["logo_formats"] for word in ("--format", name)],
    shell:
        "motifnet logos {input.motifs:q} --output {output.logos:q} {params.formats:q}"
        " > {log:q} 2>&1"
