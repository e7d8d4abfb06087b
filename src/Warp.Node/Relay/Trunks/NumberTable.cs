using System.Numerics;
using System.Security.Cryptography;

namespace Warp.Node.Relay.Trunks;

/// <summary>
/// Objects by number, for tens of thousands of them at some twenty bytes each. An object keeps its place as long as it is in the table, so that a walk over the places may pause
/// while others come and go. The numbers are a peer's choice: the hash has a multiplier of its own, so that no peer can choose numbers that meet.
/// </summary>
/// <typeparam name="T">What is found.</typeparam>
internal sealed class NumberTable<T>
    where T : class
{
    private const int Least = 16;
    private readonly uint _multiplier = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)) | 1;

    private readonly ChunkedArray<Place> _places = new();

    // Place plus one of the first in each chain; 0 for none. A power of two of them, no fewer than there are objects.
    private int[] _chains = new int[Least];
    private int _free;

    /// <summary>How many objects are in it.</summary>
    internal int Count { get; private set; }

    /// <summary>How many places were ever used; every object is at one below.</summary>
    internal int Places { get; private set; }

    /// <summary>The objects, for a view of them; not to be changed meanwhile.</summary>
    internal IEnumerable<T> All => Enumerable.Range(0, Places).Select(At).OfType<T>();

    /// <summary>The object at a place; null when the place is free.</summary>
    internal T? At(int place) => _places[place].Value;

    /// <summary>The object with a number; null when there is none.</summary>
    internal T? Find(uint number)
    {
        var places = _places;
        for (var next = _chains[Chain(number)]; next != 0;)
        {
            ref var place = ref places[next - 1];
            if (place.Number == number)
            {
                return place.Value;
            }

            next = place.Next;
        }

        return null;
    }

    /// <summary>Adds an object under a number that is not in use.</summary>
    internal void Add(uint number, T value)
    {
        if (_free == 0)
        {
            MakeRoom();
        }

        var index = _free != 0 ? _free - 1 : Places++;
        ref var place = ref _places[index];
        _free = _free != 0 ? place.Next : 0;
        ref var chain = ref _chains[Chain(number)];
        place = new Place { Value = value, Number = number, Next = chain };
        chain = index + 1;
        Count++;
    }

    /// <summary>Takes an object out; false when there is none of that number.</summary>
    internal bool Remove(uint number)
    {
        ref var link = ref _chains[Chain(number)];
        while (link != 0)
        {
            ref var place = ref _places[link - 1];
            if (place.Number == number)
            {
                var index = link;
                link = place.Next;
                place = new Place { Next = _free };
                _free = index;
                Count--;
                return true;
            }

            link = ref place.Next;
        }

        return false;
    }

    private int Chain(uint number) => (int)((number * _multiplier) >> (32 - BitOperations.Log2((uint)_chains.Length)));

    private void MakeRoom()
    {
        if (Places == _places.Length)
        {
            _places.Grow();
        }

        if (Places == _chains.Length)
        {
            _chains = new int[2 * _chains.Length];
            for (var index = 0; index < Places; index++)
            {
                ref var place = ref _places[index];
                ref var chain = ref _chains[Chain(place.Number)];
                (place.Next, chain) = (chain, index + 1);
            }
        }
    }

    private struct Place
    {
        internal T? Value;
        internal uint Number;

        /// <summary>Place plus one of the next in the chain, or of the next that is free; 0 for none.</summary>
        internal int Next;
    }
}
