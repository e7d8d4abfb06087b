using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Warp.Node.Http.OpenApi;

/// <summary>The document of a deployment. It only describes what is read: the reading itself names everything that is wrong at once.</summary>
internal sealed record DeploymentRequest
{
    /// <summary>A right one.</summary>
    public const string Example =
        """
        {
          "services": [
            { "name": "app", "image": "shop-app:2", "port": 8080, "replicas": 2, "health": { "http": "/healthz" } },
            { "name": "db", "image": "postgres:15", "variables": { "POSTGRES_DB": "shop" }, "runner": "r2", "public": false, "volumes": [ { "id": "shop-db", "path": "/var/lib/postgresql/data" } ] }
          ]
        }
        """;

    /// <summary>The deployment's name; may be left out, and is that of the path.</summary>
    public string? Name { get; init; }

    /// <summary>The project label; "default" when left out.</summary>
    public string? Project { get; init; }

    /// <summary>The environment label, such as "production"; "default" when left out.</summary>
    public string? Environment { get; init; }

    /// <summary>Its services, with distinct names.</summary>
    [Length(1, 200)]
    public required ImmutableArray<ServiceRequest> Services { get; init; }
}

/// <summary>A service of a deployment's document.</summary>
internal sealed record ServiceRequest
{
    /// <summary>Any text without '/', unique in the deployment.</summary>
    public required string Name { get; init; }

    /// <summary>The image reference, such as postgres:15.</summary>
    public required string Image { get; init; }

    /// <summary>When the image is pulled; "missing" when left out.</summary>
    [AllowedValues("missing", "always", "never")]
    public string? Pull { get; init; }

    /// <summary>Overrides the image's CMD: a string in shell syntax, or an array with one argument each.</summary>
    public JsonElement? Args { get; init; }

    /// <summary>Environment variables.</summary>
    public ImmutableSortedDictionary<string, string>? Variables { get; init; }

    /// <summary>Where the public URL leads; the image's single EXPOSEd TCP port, else 8080, when left out.</summary>
    [Range(1, 65535)]
    public int? Port { get; init; }

    /// <summary>The runner that it has to run on; chosen when left out.</summary>
    public string? Runner { get; init; }

    /// <summary>Seconds between SIGTERM and SIGKILL; 10 when left out.</summary>
    [Range(0, 3600)]
    public int? StopGraceSeconds { get; init; }

    /// <summary>How many instances share its address; 1 when left out.</summary>
    [Range(1, 100)]
    public int? Replicas { get; init; }

    /// <summary>How it is told that an instance may take connections.</summary>
    public HealthRequest? Health { get; init; }

    /// <summary>What a container may use; as much as the host gives when left out.</summary>
    public ResourcesRequest? Resources { get; init; }

    /// <summary>What follows when a container ends by itself; "always" when left out.</summary>
    [AllowedValues("always", "on-failure", "never")]
    public string? Restart { get; init; }

    /// <summary>Whether the public URL leads to it; true when left out.</summary>
    public bool? Public { get; init; }

    /// <summary>The id of the base domain; the default one when left out.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Further host names of the public URL.</summary>
    [MaxLength(50)]
    public ImmutableArray<string>? Domains { get; init; }

    /// <summary>How long a new connection waits while no instance can take it; 10 when left out.</summary>
    [Range(0, 60)]
    public int? ConnectHoldSeconds { get; init; }

    /// <summary>How long the connections of an instance that is replaced may go on; 30 when left out.</summary>
    [Range(0, 3600)]
    public int? DrainSeconds { get; init; }

    /// <summary>The volumes that each instance needs.</summary>
    [MaxLength(50)]
    public ImmutableArray<VolumeNeedRequest>? Volumes { get; init; }
}

/// <summary>A health check: exactly one of tcp, http and command.</summary>
internal sealed record HealthRequest
{
    /// <summary>A port that accepts connections.</summary>
    [Range(1, 65535)]
    public int? Tcp { get; init; }

    /// <summary>A path that answers with 200 to 399, on the public port; or an object with a port and a path.</summary>
    public JsonElement? Http { get; init; }

    /// <summary>A program inside the container that ends with 0: a string in shell syntax, or an array with one word each.</summary>
    public JsonElement? Command { get; init; }

    /// <summary>Seconds from one check to the next; 10 when left out.</summary>
    [Range(1, 3600)]
    public int? IntervalSeconds { get; init; }

    /// <summary>Seconds after which a check counts as failed; 5 when left out.</summary>
    [Range(1, 600)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>So many failures in a row make it unhealthy; 3 when left out.</summary>
    [Range(1, 100)]
    public int? Retries { get; init; }

    /// <summary>Seconds until the first success of a fresh instance; 60 when left out.</summary>
    [Range(1, 3600)]
    public int? StartSeconds { get; init; }
}

/// <summary>What a container may use.</summary>
internal sealed record ResourcesRequest
{
    /// <summary>Processors, such as 0.5.</summary>
    [Range(0.01, 1024)]
    public double? Cpus { get; init; }

    /// <summary>Memory with its unit (K, M, G or T), such as 256M.</summary>
    public string? Memory { get; init; }
}

/// <summary>A volume that a service needs; 'warp volume create' makes it.</summary>
internal sealed record VolumeNeedRequest
{
    /// <summary>Its id on the runner.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is mounted: an absolute path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the container may write; "rw" when left out.</summary>
    [AllowedValues("ro", "rw")]
    public string? Mode { get; init; }

    /// <summary>For the person who makes the volume.</summary>
    [MaxLength(500)]
    public string? Description { get; init; }
}
